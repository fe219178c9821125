#include "app/report/migration_report.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/progress/progress.hpp"

namespace pgpassage::app {
namespace {

using namespace migrate;
using std::chrono::seconds;

MigrationDetail sample() {
  MigrationDetail detail;
  detail.migration.request = {.name = "orders",
                              .source = {.host = "s.example", .user = "migrator"},
                              .target = {.host = "t.example"},
                              .databases = {"orders"}};
  detail.migration.stage = {State::in_progress, Substate::migrating_data};
  detail.migration.started = Time{seconds{1'000'000}};
  detail.databases = {{.name = "orders",
                       .state = WorkState::in_progress,
                       .phase = "data",
                       .tables_done = 3,
                       .tables_total = 9,
                       .bytes_done = 1 << 20,
                       .bytes_total = 1 << 22,
                       .bytes_per_second = 1 << 20}};
  return detail;
}

TEST(MigrationReport, TheAnswerComesFirstInEightyColumns) {
  const std::string text = render_migration_text(sample(), Time{seconds{1'000'090}}, {});
  EXPECT_EQ(text.substr(0, text.find('\n')), "orders is in progress for 1 min 30 s: MigratingData.");
  EXPECT_NE(text.find("the network was not checked"), text.npos);
  EXPECT_NE(text.find("about 3.0 s"), text.npos);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) EXPECT_LE(text.find('\n', at) - at, 80u);
}

TEST(MigrationReport, JsonHasTheContractsNames) {
  const auto json = boost::json::parse(render_migration_json(sample(), Time{seconds{1'000'090}})).as_object();
  EXPECT_EQ(json.at("state"), "InProgress");
  EXPECT_EQ(json.at("substate"), "MigratingData");
  EXPECT_EQ(json.at("networkChecked"), false);
  EXPECT_EQ(json.at("databases").at(0).at("secondsLeft"), 3);
}

TEST(Progress, OneBarPerDatabaseWithinTheWidth) {
  const ProgressSnapshot snapshot{
      "orders", {State::in_progress, Substate::migrating_data}, seconds{90}, sample().databases};
  EXPECT_EQ(render(snapshot, 120, false),
            "orders: InProgress, MigratingData, 1 min 30 s\n"
            "orders         [#######.......................]  25% 3/9 tables 1.0 MB/4.0 MB data 1.0 MB/s 3.0 s left\n");
  EXPECT_EQ(render(snapshot, 80, false),
            "orders: InProgress, MigratingData, 1 min 30 s\n"
            "orders         [##......]  25% 3/9 tables 1.0 MB/4.0 MB data 1.0 MB/s 3.0 s left\n");
  const std::string narrow = render(snapshot, 40, false);
  for (std::size_t at = 0; at < narrow.size(); at = narrow.find('\n', at) + 1)
    EXPECT_LE(narrow.find('\n', at) - at, 40u);
}

}  // namespace
}  // namespace pgpassage::app
