#include "app/report/plan_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace pgpassage::app {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

PlanReport report_of(std::size_t tables) {
  migrate::DatabaseOutline outline{.database = "shop", .large_objects = {.count = 1, .bytes = 8192}};
  for (std::size_t i = 0; i < tables; ++i)
    outline.tables.push_back({"public.t" + std::to_string(i), 1000, i == 0 ? 4U : 1U, i > 0});
  outline.objects = {{"INDEX", "public.small", 10}, {"CONSTRAINT", "public.large_pkey", 2000}};
  outline.left_out = {"VIEW public.v"};
  outline.steps = {{"copy public.t0, part 1 of 4", 0ms, 1500ms}};
  outline.estimate = 1500ms;
  return {.source = "db1:5432",
          .target = "db2:5432",
          .plan = {.source_version = 150020,
                   .target_version = 180000,
                   .lanes = {.copy = 2, .index = 1},
                   .round_trip = 20ms,
                   .databases = {outline}}};
}

TEST(PlanReport, TextSaysFirstThatNothingWasChanged) {
  const std::string text = render_plan_text(report_of(2), {});
  EXPECT_TRUE(text.starts_with("Nothing was changed")) << text;
  for (const char* part : {"db2:5432, PostgreSQL 18", "2 copy streams and 1 index", "20.0 ms", "not checked",
                           "VIEW public.v", "part 1 of 4", "object of 8.0 kB"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_LT(text.find("public.large_pkey"), text.find("public.small")) << "the largest first";
  EXPECT_THAT(text, Not(HasSubstr("more:")));
}

TEST(PlanReport, LongListsSayWhatTheyLeaveOut) {
  EXPECT_THAT(render_plan_text(report_of(25), {}), HasSubstr("and 5 more"));
}

TEST(PlanReport, JsonHasEverything) {
  const auto value = boost::json::parse(render_plan_json(report_of(25)));
  EXPECT_TRUE(value.at("dryRun").as_bool());
  EXPECT_EQ(value.at("jobs").as_int64(), 2);
  const auto& database = value.at("databases").at(0);
  EXPECT_EQ(database.at("tables").as_array().size(), 25U);
  EXPECT_EQ(database.at("tables").at(0).at("parts").as_int64(), 4);
  EXPECT_EQ(database.at("tables").at(0).at("format").as_string(), "text");
  EXPECT_EQ(database.at("bytes").as_int64(), 25 * 1000 + 8192);
  EXPECT_DOUBLE_EQ(database.at("steps").at(0).at("toSeconds").to_number<double>(), 1.5);
}

}  // namespace
}  // namespace pgpassage::app
