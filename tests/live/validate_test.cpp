#include "migrate/validate/validate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "migrate/validate/rules.hpp"
#include "tests/live/cluster.hpp"
#include "tests/live/run.hpp"

namespace pgpassage::live {
namespace {

using namespace migrate;

const ValidationRecord* find(const std::vector<ValidationRecord>& items, const std::string& rule,
                             const std::string& database = "") {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const auto& item) { return item.rule == rule && item.database == database; });
  return found == items.end() ? nullptr : &*found;
}

TEST(ValidationRules, IdsAndNamesAreUnique) {
  std::set<std::string_view> seen;
  for (const ValidationRule& rule : validation_rules()) {
    EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(seen.insert(rule.name).second) << rule.name;
  }
}

TEST(ValidateLive, FindsWhatStandsInTheWayAndNothingElse) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source, target;
  source.run("CREATE DATABASE clean");
  source.run("CREATE DATABASE odd");
  source.run("CREATE ROLE owner_only_here");
  source.run(
      "CREATE TABLE t (a int); ALTER TABLE t OWNER TO owner_only_here;"
      "CREATE FUNCTION c(point) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (point AS int) WITH FUNCTION "
      "c(point)",
      "odd");
  target.run("CREATE DATABASE odd");
  const ValidationRequest request{.source = source.address(),
                                  .target = target.address(),
                                  .databases = {"clean", "odd", "absent"},
                                  .connect_deadline = deadline_in(std::chrono::seconds{20})};
  const auto items = run(validate(request));
  ASSERT_TRUE(items) << items.error().message;
  for (const auto& item : *items)
    if (item.database == "clean" || item.database.empty()) {
      EXPECT_EQ(item.state, ItemState::succeeded) << item.rule << ' ' << item.message << ' ' << item.evidence;
    }
  EXPECT_EQ(find(*items, "DB001", "absent")->state, ItemState::failed);
  EXPECT_EQ(find(*items, "DB002", "odd")->state, ItemState::failed);
  EXPECT_EQ(find(*items, "DB002", "odd")->code, "603101");
  EXPECT_EQ(find(*items, "DB005", "odd")->evidence, "owner_only_here");
  EXPECT_EQ(find(*items, "DB013", "odd")->state, ItemState::warning);  // the target's login is a superuser
  EXPECT_FALSE(passed(*items));
}

TEST(ValidateLive, AServerThatIsNotThereIsAFailedItem) {
  PGPASSAGE_NEEDS_SERVER();
  Cluster source;
  ServerAddress nowhere = source.address();
  nowhere.port = 1;
  const auto items = run(validate({.source = source.address(),
                                   .target = nowhere,
                                   .databases = {"postgres"},
                                   .connect_deadline = deadline_in(std::chrono::seconds{20})}));
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(find(*items, "SRV001")->state, ItemState::succeeded);
  EXPECT_EQ(find(*items, "SRV002")->state, ItemState::failed);
  EXPECT_FALSE(find(*items, "SRV002")->cure.empty());
}

}  // namespace
}  // namespace pgpassage::live
