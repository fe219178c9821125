#include "migrate/engine/tally.hpp"

#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

Tally tally_of_two() {
  const std::vector<CopyTable> tables{{.name = "a", .bytes = 1000}, {.name = "b", .bytes = 500}};
  return {"shop", tables, {2, 1}, Time{}};
}

TEST(Tally, ATotalIsTheEstimateUntilATableHasEnded) {
  Tally tally = tally_of_two();
  tally.begin(0, Time{});
  tally.add(0, 300);
  tally.end_piece(0, 3, Time{});
  EXPECT_EQ(tally.database(Time{}).bytes_total, 1500);
  tally.add(0, 200);
  EXPECT_TRUE(tally.end_piece(0, 2, Time{}));
  EXPECT_EQ(tally.database(Time{}).bytes_total, 1000) << "500 were copied, 500 are expected";
}

TEST(Tally, MoreThanTheEstimateIsNeverMoreThanTheTotal) {
  Tally tally = tally_of_two();
  tally.begin(1, Time{});
  tally.add(1, 700);
  EXPECT_EQ(tally.database(Time{}).bytes_total, 1700);
  tally.end_piece(1, 7, Time{});
  EXPECT_EQ(tally.database(Time{}).bytes_total, 1700);
}

TEST(Tally, CancelTouchesOnlyWhatIsBeingCopied) {
  Tally tally = tally_of_two();
  tally.changed_tables();
  tally.begin(1, Time{});
  tally.cancel();
  const auto changed = tally.changed_tables();
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].table, "b");
  EXPECT_EQ(changed[0].state, WorkState::canceled);
}

}  // namespace
}  // namespace pgpassage::migrate
