#include "migrate/copy/binary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string header = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"s;
const std::string row = "\0\3\0\0\0\4\0\0\x12\x67\0\0\0\2ab\377\377\377\377"s;  // 4711, "ab", NULL

TEST(FieldsOfRow, TheFirstRowHasTheHeaderBeforeIt) {
  EXPECT_THAT(fields_of_row(header + row), ElementsAre("\0\0\x12\x67"s, "ab", ""));
  EXPECT_THAT(fields_of_row(row), ElementsAre("\0\0\x12\x67"s, "ab", ""));
}

TEST(FieldsOfRow, TrailersAndWhatIsCutShortHaveNone) {
  EXPECT_THAT(fields_of_row("\377\377"), IsEmpty());
  EXPECT_THAT(fields_of_row(header + "\377\377"), IsEmpty());
  EXPECT_THAT(fields_of_row(""), IsEmpty());
  EXPECT_THAT(fields_of_row("\0\1\0\0\0\5abcd"s), IsEmpty());
}

TEST(NumberOf, OidsHaveNoSignAndBigintsHave) {
  EXPECT_EQ(number_of(binary_oid(4294967295U)), 4294967295);
  EXPECT_EQ(number_of(binary_bigint(-2)), -2);
  EXPECT_EQ(number_of("abc"), 0);
}

TEST(BinaryArray, IsWhatTheServerReads) {
  EXPECT_EQ(binary_array(ElementType::bytea, {"ab", ""}),
            "\0\0\0\1\0\0\0\0\0\0\0\x11\0\0\0\2\0\0\0\1\0\0\0\2ab\0\0\0\0"s);
  EXPECT_EQ(binary_array(ElementType::oid, {}), "\0\0\0\0\0\0\0\0\0\0\0\x1a"s);
}

}  // namespace
}  // namespace pgpassage::migrate
