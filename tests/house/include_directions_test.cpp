#include "include_directions.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/temporary_directory.hpp"

namespace pgpassage::house {
namespace {

namespace fs = std::filesystem;

TEST(IncludeDirections, OfThisHouseAllPointTheRightWay) {
  EXPECT_GT(source_files(PGPASSAGE_SOURCE_DIR), 50U);
  for (const WrongInclude& wrong : wrong_includes(PGPASSAGE_SOURCE_DIR))
    ADD_FAILURE() << wrong.file << ":" << wrong.line << ": includes " << wrong.included << ": " << wrong.why;
}

/// A made-up house with one file.
class MadeUpHouse : public testing::Test {
 protected:
  std::vector<WrongInclude> with(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream{root_ / file} << text;
    return wrong_includes(root_.path());
  }

  test::TemporaryDirectory root_{"house"};
};

TEST_F(MadeUpHouse, AWrongIncludeIsNamedWithItsLine) {
  EXPECT_EQ(with("netcheck/reach/nsg.cpp", "#include <vector>\n\n  # include \"scenarios/matrix/matrix.hpp\"\n"),
            (std::vector<WrongInclude>{
                {"netcheck/reach/nsg.cpp", 3, "scenarios/matrix/matrix.hpp", "netcheck does not know scenarios"}}));
}

struct Case {
  std::string file;
  std::string included;
  bool wrong;
};

TEST_F(MadeUpHouse, DirectionsAreTheOnesOfTheHouse) {
  const std::vector<Case> cases{{"app/main.cpp", "migrate/engine/run.hpp", false},
                                {"migrate/engine/run.cpp", "app/options.hpp", true},
                                {"migrate/plan/plan.cpp", "migrate/pg/session.hpp", true},
                                {"migrate/planner/plan.cpp", "migrate/pg/session.hpp", false},
                                {"migrate/copy/copy.cpp", "migrate/pg/session.hpp", false},
                                {"scenarios/verdict/assess.cpp", "scenarios/observe/observe.hpp", true},
                                {"scenarios/verdict/assess.cpp", "netcheck/probe/tcp.hpp", true},
                                {"scenarios/verdict/assess.cpp", "dns/zones/answer.hpp", false},
                                {"scenarios/observe/observe.cpp", "dns/resolver/resolver.hpp", false},
                                {"dns/zones/answer.cpp", "scenarios/rules/rules.hpp", true},
                                {"dns/zones/answer.cpp", "answer.hpp", true},
                                {"dns/zones/answer.cpp", "tests/dns/zone.hpp", true},
                                {"tests/dns/zones_test.cpp", "scenarios/rules/rules.hpp", false},
                                {"tests/lab/lab.cpp", "netcheck/topology/reader.hpp", false},
                                {"tests/lab/lab.cpp", "netcheck/base/address.hpp", false},
                                {"tests/lab/lab.cpp", "netcheck/reach/trace.hpp", true},
                                {"tests/lab/lab.cpp", "namespaces.hpp", false},
                                {"tests/naive/reach.cpp", "netcheck/topology/topology.hpp", false},
                                {"tests/naive/reach.cpp", "netcheck/reach/trace.hpp", true},
                                {"tests/naive/names.cpp", "dns/zones/names.hpp", true},
                                {"tests/naive/pairs.cpp", "netcheck/reach/trace.hpp", false}};
  for (const Case& one : cases) {
    EXPECT_EQ(with(one.file, "#include \"" + one.included + "\"\n").empty(), !one.wrong)
        << one.file << " includes " << one.included;
    fs::remove(root_ / one.file);
  }
}

TEST_F(MadeUpHouse, WordsInCommentsAreNotIncludes) {
  EXPECT_TRUE(with("netcheck/base/a.hpp", "// #include \"app/options.hpp\"\n").empty());
}

}  // namespace
}  // namespace pgpassage::house
