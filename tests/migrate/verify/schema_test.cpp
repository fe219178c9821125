#include "migrate/verify/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> roles{"admin"};

TEST(SparinglyQuoted, OnlyQuotesThatNobodyNeedsGo) {
  EXPECT_EQ(sparingly_quoted(R"(a."json".b "Up" "1a" "a""b" ' "text" ' "")"),
            R"(a.json.b "Up" "1a" "a""b" ' "text" ' "")");
}

TEST(CompareSchemas, NamesWhatIsMissingExtraOrOther) {
  const SchemaLines source{{{"index", "public.i"}, "a"}, {{"table", "public.gone"}, ""}};
  const SchemaLines target{{{"index", "public.i"}, "b"}, {{"table", "public.extra"}, ""}};
  const auto result = compare_schemas(source, 150000, target, 150000, roles);
  EXPECT_THAT(result.differences, testing::SizeIs(3));
  EXPECT_THAT(result.differences, Contains(HasSubstr("index public.i: source a | target b")));
  EXPECT_THAT(result.differences, Contains(HasSubstr("public.gone is missing on the target")));
  EXPECT_THAT(result.differences, Contains(HasSubstr("public.extra exists on the target only")));
}

TEST(CompareSchemas, ASettingThatDiffersIsNamedWithoutItsValue) {
  const SchemaLines source{{{"setting", "(every role)"}, "app.key=geheim"}};
  const SchemaLines target{{{"setting", "(every role)"}, "app.key=other"}};
  const auto result = compare_schemas(source, 150000, target, 150000, roles);
  EXPECT_THAT(result.differences, testing::ElementsAre(HasSubstr("setting (every role)")));
  EXPECT_THAT(result.differences, testing::Each(testing::Not(HasSubstr("geheim"))));
}

TEST(CompareSchemas, ARoleThatTheTargetLacksIsANote) {
  const SchemaLines source{{{"owner", "relation t"}, "boss"}, {{"grant", "relation t to clerk"}, "SELECT"}};
  const SchemaLines target{{{"owner", "relation t"}, "admin"}};
  const auto result = compare_schemas(source, 150000, target, 150000, roles);
  EXPECT_THAT(result.differences, IsEmpty());
  EXPECT_THAT(result.notes, testing::SizeIs(2));
  const std::vector<std::string> all{"admin", "boss", "clerk"};
  EXPECT_THAT(compare_schemas(source, 150000, target, 150000, all).differences, testing::SizeIs(2));
}

TEST(CompareSchemas, AnotherOwnerIsSaidOnce) {
  const std::vector<std::string> both{"admin", "clerk"};
  const SchemaLines source{{{"owner", "relation t"}, "clerk"},
                           {{"grant", "relation t to admin"}, "SELECT"},
                           {{"grant", "relation t to public"}, "SELECT"}};
  const SchemaLines target{{{"owner", "relation t"}, "admin"}, {{"grant", "relation t to clerk"}, "SELECT"}};
  EXPECT_THAT(compare_schemas(source, 150000, target, 150000, both).differences,
              testing::UnorderedElementsAre("owner relation t: source clerk | target admin",
                                            "grant relation t to public is missing on the target"));
  const auto absent = compare_schemas(source, 150000, target, 150000, roles);
  EXPECT_THAT(absent.differences, testing::ElementsAre("grant relation t to public is missing on the target"));
}

TEST(CompareSchemas, AViewIsTheSameWhenOnlyTheVersionsWritingDiffers) {
  const SchemaLines source{{{"view", "v"}, " SELECT t.a,\n    (t.b + 1)\n   FROM public.t;"}};
  const SchemaLines target{{{"view", "v"}, " SELECT a,\n    b + 1\n   FROM public.t;"}};
  EXPECT_THAT(compare_schemas(source, 100000, target, 180000, roles).differences, IsEmpty());
  EXPECT_THAT(compare_schemas(source, 150001, target, 150020, roles).differences, testing::SizeIs(1));
  const SchemaLines other{{{"view", "v"}, " SELECT a,\n    b + 2\n   FROM public.t;"}};
  EXPECT_THAT(compare_schemas(source, 100000, other, 180000, roles).differences, testing::SizeIs(1));
}

}  // namespace
}  // namespace pgpassage::migrate
