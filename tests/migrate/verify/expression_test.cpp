#include "migrate/verify/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::migrate {
namespace {

using testing::HasSubstr;

const Types types{{23, {.name = "int4", .builtin = true}},
                  {701, {.name = "float8", .builtin = true}},
                  {25, {.name = "text", .builtin = true}},
                  {790, {.name = "money", .builtin = true}},
                  {1022, {.name = "_float8", .builtin = true, .kind = Type::Kind::array, .inner = 701}},
                  {50001, {.name = "degrees", .kind = Type::Kind::domain, .inner = 701}},
                  {50002, {.name = "pair", .kind = Type::Kind::composite, .attributes = {{"a", 23}, {"b", 701}}}},
                  {50003, {.name = "words", .kind = Type::Kind::composite, .attributes = {{"a", 25}}}},
                  {50004, {.name = "_pair", .kind = Type::Kind::array, .inner = 50002}},
                  {50005, {.name = "box2d", .builtin = false}},
                  {1042, {.name = "bpchar", .builtin = true}},
                  {50006, {.name = "code", .kind = Type::Kind::domain, .inner = 1042}}};

TEST(ExactExpression, TextStandsForItselfWhereItSaysEverything) {
  for (const Oid type : {23u, 25u, 50003u, 50005u}) EXPECT_EQ(exact_expression(types, type, "c"), "c");
}

TEST(ExactExpression, FloatsGoByTheirBitsAndEveryNanIsOne) {
  EXPECT_EQ(exact_expression(types, 50001, "c"),
            "CASE (c)::pg_catalog.float8 WHEN 'NaN' THEN '\\x'::pg_catalog.bytea ELSE pg_catalog.float8send(c) END");
  EXPECT_EQ(exact_expression(types, 790, "c"), "pg_catalog.cash_send(c)");
}

TEST(ExactExpression, WhatContainsAFloatIsTakenApart) {
  EXPECT_FALSE(exact_as_text(types, 1022));
  EXPECT_FALSE(exact_as_text(types, 50004));
  EXPECT_NE(exact_expression(types, 1022, "c").find("array_send"), std::string::npos);
  EXPECT_NE(exact_expression(types, 50002, "c").find("(c).\"b\""), std::string::npos);
  EXPECT_NE(exact_expression(types, 50004, "c").find("(u.e).\"b\""), std::string::npos);
}

TEST(RowDigest, AColumnsNameIsQuotedAndSplitTextIsConverted) {
  const std::vector<VerifyColumn> columns{{"a\"b", 25, "text"}, {"n", 23, "integer"}};
  EXPECT_EQ(row_digest(types, columns, {}),
            "('x' || pg_catalog.left(pg_catalog.md5(ROW(\"a\"\"b\", \"n\")::text), 16))::bit(64)::bigint");
  EXPECT_THAT(row_digest(types, columns, {RowForm::split, true}),
              HasSubstr("ROW(pg_catalog.md5(pg_catalog.convert_to((\"a\"\"b\")::text, 'UTF8')), \"n\")::text"));
}

TEST(RowDigest, SplitTextKeepsTheBlanksAtTheEndOfACharacter) {
  for (const Oid type : {1042u, 50006u})
    for (const bool hashed : {false, true})
      EXPECT_THAT(
          row_digest(types, {{"c", type, "character"}}, {hashed ? RowForm::plain : RowForm::split, false, 0, hashed}),
          HasSubstr("pg_catalog.textin(pg_catalog.bpcharout(\"c\"))"));
}

// A nondeterministic collation calls 'a' and 'A' equal and would hash them alike.
TEST(RowDigest, HashedTextIsHashedByItsBytes) {
  const std::vector<VerifyColumn> columns{{"t", 25, "text"}, {"n", 23, "integer"}};
  EXPECT_EQ(row_digest(types, columns, {.hashed = true}),
            "pg_catalog.hashtextextended((ROW(pg_catalog.hashtextextended(((\"t\")::text) COLLATE \"C\", 0), "
            "\"n\")::text) COLLATE \"C\", 0)");
}

}  // namespace
}  // namespace pgpassage::migrate
