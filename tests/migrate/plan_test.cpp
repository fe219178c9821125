#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/plan/agenda.hpp"
#include "migrate/plan/ranges.hpp"
#include "migrate/plan/statements.hpp"
#include "migrate/plan/steps.hpp"
#include "migrate/schema/program.hpp"

namespace pgpassage::migrate {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr std::int64_t gigabyte = std::int64_t{1} << 30;

// Two tables; `large` has an index and a primary key, `small` refers to it.
Catalog two_tables() {
  Catalog catalog;
  catalog.tables = {{.oid = 100, .name = "public.large", .bytes = 1000},
                    {.oid = 200, .name = "public.small", .bytes = 10}};
  catalog.index_bytes = {{101, 300}, {102, 50}};
  catalog.constraint_index = {{103, 102}};
  catalog.foreign_keys = {{201, {.table = 200, .referenced = 100, .bytes = 10}}};
  return catalog;
}

std::vector<SchemaEntry> entries_of_two() {
  return {{.dump_id = 1, .class_oid = 1259, .object_oid = 100, .type = "TABLE"},
          {.dump_id = 2, .class_oid = 1259, .object_oid = 200, .type = "TABLE"},
          {.dump_id = 3, .class_oid = 1259, .object_oid = 101, .dependencies = {1}, .type = "INDEX"},
          {.dump_id = 4, .class_oid = 2606, .object_oid = 103, .dependencies = {1}, .type = "CONSTRAINT"},
          {.dump_id = 5, .class_oid = 2606, .object_oid = 201, .dependencies = {2, 4}, .type = "FK CONSTRAINT"},
          {.dump_id = 6, .class_oid = 0, .object_oid = 0, .dependencies = {3}, .type = "COMMENT"},
          {.dump_id = 7, .class_oid = 0, .object_oid = 0, .dependencies = {1}, .type = "COMMENT"}};
}

// Runs the plan in thought: every step ends before the next decision, one at a time. The subjects in that order.
std::vector<std::size_t> order_of_entries(const Plan& plan) {
  Agenda agenda{plan};
  std::vector<std::size_t> order;
  for (auto step = agenda.next({}); step < plan.size(); step = agenda.next({})) {
    agenda.finish(step);
    if (plan[step].kind == StepKind::statements) order.push_back(plan[step].subject);
  }
  EXPECT_EQ(agenda.done(), plan.size());
  return order;
}

TEST(PlanDatabase, LongestFirstAndForeignKeysAfterWhatTheyNeed) {
  const auto plan = plan_database(two_tables(), entries_of_two(), {1, 1});
  EXPECT_THAT(order_of_entries(plan), ElementsAre(2, 3, 4, 5));  // the comment of a table is pre-data
}

TEST(PlanDatabase, ConstraintAndIndexOfOneTableDoNotMeet) {
  const auto plan = plan_database(two_tables(), entries_of_two(), {1, 1});
  Agenda agenda{plan};
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (plan[i].lane == Lane::copy) agenda.finish(i);
  const auto first = agenda.next({});
  ASSERT_LT(first, plan.size());
  agenda.begin(first);
  EXPECT_EQ(agenda.next({}), plan.size());
  agenda.finish(first);
  EXPECT_LT(agenda.next({}), plan.size());
}

TEST(Agenda, BeginsNoMoreThanALaneHasRoomFor) {
  const auto plan = plan_database(two_tables(), entries_of_two(), {3, 1});
  Agenda agenda{plan};
  agenda.begin(agenda.next({.copy = 2}));
  agenda.begin(agenda.next({.copy = 2}));
  EXPECT_EQ(agenda.next({.copy = 2}), plan.size());
  EXPECT_LT(agenda.next({.copy = 3}), plan.size());
  EXPECT_EQ(agenda.running_in_lanes().copy, 2U);
}

TEST(PlanDatabase, IndexesWaitForEveryPieceOfTheirTable) {
  const auto plan = plan_database(two_tables(), entries_of_two(), {3, 1});
  for (const auto& step : plan) {
    if (step.kind != StepKind::statements || step.subject != 2) continue;
    std::size_t pieces = 0;
    for (const auto before : step.after) pieces += plan[before].kind == StepKind::table_rows ? 1U : 0U;
    EXPECT_EQ(pieces, 3U);
  }
}

TEST(PieceCount, OnlyWhatEverybodyWouldWaitForIsCut) {
  EXPECT_EQ(piece_count({.bytes = gigabyte}, gigabyte, 4), 1);
  EXPECT_GT(piece_count({.bytes = 100 * gigabyte}, 110 * gigabyte, 4), 1);
  EXPECT_EQ(piece_count({.bytes = 100 * gigabyte}, 110 * gigabyte, 1), 1);
  EXPECT_EQ(piece_count({.bytes = 3 * gigabyte}, 900 * gigabyte, 4), 1);
}

TEST(PieceCount, WhatTheOperatorWantsCutIsCutBesideOthersToo) {
  const Cutting wanted = cutting_above(gigabyte);
  EXPECT_EQ(piece_count({.bytes = gigabyte - 1}, 900 * gigabyte, 4, wanted), 1);
  EXPECT_EQ(piece_count({.bytes = 3 * gigabyte}, 900 * gigabyte, 4, wanted), 6);
  EXPECT_EQ(piece_count({.bytes = 3 * gigabyte}, 900 * gigabyte, 1, wanted), 1);
}

TEST(CtidRanges, AreOpenAtBothEndsAndMeet) {
  EXPECT_THAT(ctid_ranges(100, 2), ElementsAre("ctid < '(50,0)'", "ctid >= '(50,0)'"));
  EXPECT_THAT(ctid_ranges(0, 4), ElementsAre(""));
}

TEST(KeyRanges, SpanTheWholeBigint) {
  const auto ranges =
      key_ranges("id", {std::numeric_limits<long long>::min(), std::numeric_limits<long long>::max()}, 2);
  EXPECT_THAT(ranges, ElementsAre("id < -1", "id >= -1"));
  EXPECT_THAT(key_ranges("id", {5, 5}, 4), ElementsAre(""));
}

TEST(CopyStatementsOf, ConfigurationTablesOfExtensionsAreNeverTruncated) {
  const auto sql =
      copy_statements({.name = "ext.c", .columns = "a", .condition = "WHERE a > 1", .configuration = true}, "", true);
  EXPECT_EQ(sql.out, "COPY (SELECT a FROM ONLY ext.c WHERE a > 1) TO STDOUT (FORMAT text)");
  EXPECT_EQ(sql.in, "BEGIN; COPY ext.c (a) FROM STDIN (FORMAT text)");
}

TEST(CopyStatementsOf, ASingleStreamFreezes) {
  EXPECT_EQ(copy_statements({.name = "t", .columns = "a", .binary_safe = true}, "", true).in,
            "BEGIN; TRUNCATE ONLY t; COPY t (a) FROM STDIN (FORMAT binary, FREEZE)");
  EXPECT_EQ(copy_statements({.name = "t", .columns = "a", .binary_safe = true}, "ctid < '(5,0)'", false).in,
            "BEGIN; COPY t (a) FROM STDIN (FORMAT binary)");
}

TEST(ChoosePrograms, PrefersTheTargetsMajorAndRefusesOlderThanTheSource) {
  const std::vector<ClientPrograms> found{{"a", "a", 13}, {"b", "b", 15}, {"c", "c", 17}};
  EXPECT_EQ(choose_programs(found, 12, 15)->major, 15);
  EXPECT_EQ(choose_programs(found, 12, 16)->major, 17);
  EXPECT_EQ(choose_programs(found, 18, 18).error().code, Errc::program);
  EXPECT_EQ(choose_programs({}, 12, 15).error().code, Errc::program);
  EXPECT_EQ(program_major("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"), 15);
}

}  // namespace
}  // namespace pgpassage::migrate
