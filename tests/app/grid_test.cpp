#include "app/report/grid.hpp"

#include <gtest/gtest.h>

namespace pgpassage::app {
namespace {

TEST(Grid, LeavesOutALineWithoutCells) {
  const std::string text =
      grid_text({"Name", "Rows", "Content hash"}, {{"t", "12", "0123456789abcdef"}, {"s", "3", ""}}, 2, {.width = 20});
  EXPECT_EQ(text,
            "  Name  Rows\n"
            "    Content hash\n"
            "  t       12\n"
            "    0123456789abcdef\n"
            "  s        3\n");
}

}  // namespace
}  // namespace pgpassage::app
