#include "migrate/plan/outline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/plan/streams.hpp"

namespace pgpassage::migrate {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr std::int64_t megabyte = 1'000'000;

std::vector<std::string> steps_of(const DatabaseOutline& outline) {
  std::vector<std::string> steps;
  for (const auto& step : outline.steps) steps.push_back(step.what);
  return steps;
}

TEST(OutlineOf, SaysWhatComesWhenAndForHowLong) {
  Catalog catalog;
  catalog.tables = {{.oid = 1, .name = "s.large", .binary_safe = true, .bytes = 400 * megabyte},
                    {.oid = 2, .name = "s.small", .bytes = 100 * megabyte}};
  catalog.index_bytes = {{9, 50 * megabyte}};
  const std::vector<SchemaEntry> entries{
      {.dump_id = 1, .class_oid = 1259, .object_oid = 1, .type = "TABLE", .name = "large", .schema = "s"},
      {.dump_id = 2, .object_oid = 9, .dependencies = {1}, .type = "INDEX", .name = "i", .schema = "s"}};
  const auto outline = outline_of("shop", catalog, entries, {2, 1}, {.copy = 2, .index = 1}, 0us);
  EXPECT_THAT(steps_of(outline), ElementsAre("copy s.large, part 1 of 2", "copy s.large, part 2 of 2", "copy s.small",
                                             "INDEX s.i", "ANALYZE s.large", "ANALYZE s.small"));
  // Two parts of 2 s each beside each other, then 1 s of the small table beside 1.5 s of the index.
  EXPECT_EQ(outline.steps[2].begins, 2000ms);
  EXPECT_EQ(outline.steps[2].ends, 3000ms);
  EXPECT_EQ(outline.steps[3].begins, 2000ms);
  EXPECT_EQ(outline.steps[3].ends, 3500ms);
  EXPECT_EQ(outline.bytes(), 500 * megabyte);
  ASSERT_EQ(outline.objects.size(), 1U);
  EXPECT_EQ(outline.objects.front().bytes, 50 * megabyte);
}

TEST(OutlineOf, RoundTripsCostTime) {
  Catalog catalog;
  catalog.tables = {{.name = "a"}, {.name = "b"}};
  const auto outline = outline_of("shop", catalog, {}, {1, 1}, {.copy = 1, .index = 2}, 10ms);
  EXPECT_EQ(outline.estimate, 60ms);  // two copies one after the other, two ANALYZE beside each other
}

TEST(DefaultLanes, FollowTheLesserServerAndTheDistance) {
  EXPECT_EQ(default_lanes({.source_cores = 16, .target_cores = 4}, 0, 0).copy, 4U);
  EXPECT_EQ(default_lanes({.source_cores = 16, .target_cores = 4}, 0, 0).index, 4U);
  EXPECT_EQ(default_lanes({.source_cores = 1, .target_cores = 1}, 0, 0).copy, 2U);
  EXPECT_EQ(default_lanes({.own_cores = 3}, 0, 0).copy, 3U);
  EXPECT_EQ(default_lanes({.source_cores = 2, .target_cores = 2, .round_trip = 20ms}, 0, 0).copy, 4U);
  EXPECT_EQ(default_lanes({.source_cores = 64, .target_cores = 64, .round_trip = 20ms}, 0, 0).copy, 8U);
  EXPECT_EQ(default_lanes({.source_cores = 2, .target_cores = 2}, 12, 1).copy, 12U);
  EXPECT_EQ(default_lanes({.source_cores = 2, .target_cores = 2}, 12, 1).index, 1U);
}

}  // namespace
}  // namespace pgpassage::migrate
