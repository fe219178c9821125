#include "migrate/plan/filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/plan/selection.hpp"

namespace pgpassage::migrate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Pattern pattern(std::string_view text) { return *Pattern::of(text); }

struct PatternCase {
  const char* name;
  const char* text;
  QualifiedName object;
  bool matches;
};

void PrintTo(const PatternCase& test, std::ostream* out) { *out << test.name; }

class PatternOf : public testing::TestWithParam<PatternCase> {};

TEST_P(PatternOf, MatchesAsPsqlDoes) {
  EXPECT_EQ(pattern(GetParam().text).matches(GetParam().object), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(Names, PatternOf,
                         testing::Values(PatternCase{"NameInAnySchema", "orders", {"shop", "orders"}, true},
                                         PatternCase{"WholeNamesOnly", "order", {"shop", "orders"}, false},
                                         PatternCase{"OtherSchema", "crm.orders", {"shop", "orders"}, false},
                                         PatternCase{"RunInTheMiddle", "sh*p.o*d*s", {"shop", "old_orders"}, true},
                                         PatternCase{"RunThatFindsNoEnd", "o*x", {"shop", "orders"}, false},
                                         PatternCase{"OneLetter", "or?ers", {"shop", "orders"}, true},
                                         PatternCase{"FoldedToLowerCase", "ORDERS", {"shop", "orders"}, true},
                                         PatternCase{"QuotedKeepsItsCase", "\"Orders\"", {"shop", "orders"}, false},
                                         PatternCase{"QuotedSignsAreLetters", "\"a*\"", {"shop", "abc"}, false},
                                         PatternCase{"QuotedDot", "\"a.b\"", {"shop", "a.b"}, true},
                                         PatternCase{"DoubledQuote", "\"a\"\"b\"", {"shop", "a\"b"}, true}),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(PatternOfNoUse, IsRefusedWithItsText) {
  for (const char* text : {"", "a.", "a.b.c", "\"a"}) {
    const auto found = Pattern::of(text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().code, Errc::input);
    EXPECT_THAT(found.error().message, HasSubstr(std::string{"'"} + text + "'"));
  }
}

TEST(FilterFile, AddsWhatItsLinesChoose) {
  Filter filter;
  ASSERT_TRUE(add_filter_file(filter,
                              "# ours\n\ninclude schema app # the schema\nexclude table \"a # b\"\r\n"
                              "  exclude  table_data  app.log*",
                              "f"));
  EXPECT_TRUE(filter.selects_schema("app"));
  EXPECT_FALSE(filter.selects_schema("public"));
  EXPECT_FALSE(filter.selects_relation({"app", "a # b"}));
  EXPECT_TRUE(filter.selects_relation({"app", "log1"}));
  EXPECT_FALSE(filter.selects_rows({"app", "log1"}));
}

TEST(FilterFile, ErrorsNameLineAndColumn) {
  Filter filter;
  EXPECT_THAT(add_filter_file(filter, "include table a\ninclude extension x", "f").error().message,
              StartsWith("f:2:9: 'include extension'"));
  EXPECT_THAT(add_filter_file(filter, " insert table a", "f").error().message, StartsWith("f:1:2: 'insert'"));
  EXPECT_THAT(add_filter_file(filter, "exclude table \"a", "f").error().message, StartsWith("f:1:15: "));
}

TEST(FilterOfTables, LeavesOutWhatTheDocumentsLeaveOut) {
  EXPECT_TRUE(Filter{}.selects_large_objects());
  EXPECT_FALSE(Filter{.tables = {pattern("a")}}.selects_large_objects());
  EXPECT_TRUE((Filter{.excluded_tables = {pattern("a")}}).selects_large_objects());
  EXPECT_THAT(contradiction_in({.schemas = {pattern("a")}, .tables = {pattern("b")}}), HasSubstr("cannot both"));
  EXPECT_THAT(contradiction_in({.schemas = {pattern("a")}, .excluded_tables = {pattern("b")}}), IsEmpty());
}

// Tables a and b; b's key refers to a, a view reads both, a sequence belongs to a.
std::vector<SchemaEntry> two_tables() {
  return {{.dump_id = 1, .type = "SCHEMA", .name = "s", .schema = "-"},
          {.dump_id = 2, .class_oid = 1259, .object_oid = 10, .type = "TABLE", .name = "a", .schema = "s"},
          {.dump_id = 3, .class_oid = 1259, .object_oid = 11, .type = "TABLE", .name = "b", .schema = "s"},
          {.dump_id = 4, .dependencies = {2}, .type = "SEQUENCE", .name = "a_id_seq", .schema = "s"},
          {.dump_id = 5, .dependencies = {2, 3}, .type = "VIEW", .name = "v", .schema = "s"},
          {.dump_id = 6, .dependencies = {5}, .type = "COMMENT", .name = "VIEW v", .schema = "s"},
          {.dump_id = 7, .dependencies = {2, 3}, .type = "FK CONSTRAINT", .name = "b_fkey", .schema = "s"},
          {.dump_id = 8, .type = "TYPE", .name = "t", .schema = "s"}};
}

Catalog catalog_of_two() {
  Catalog catalog;
  catalog.tables = {{.oid = 10, .name = "s.a"}, {.oid = 11, .name = "s.b"}};
  catalog.sequences = {{"s.a_id_seq"}};
  catalog.large_objects = {.count = 3};
  return catalog;
}

std::vector<int> ids_of(const std::vector<SchemaEntry>& entries) {
  std::vector<int> ids;
  for (const auto& entry : entries) ids.push_back(entry.dump_id);
  return ids;
}

TEST(ApplyFilter, LeavesOutWhatNeedsWhatIsLeftOut) {
  auto entries = two_tables();
  auto catalog = catalog_of_two();
  EXPECT_THAT(apply_filter({.excluded_tables = {pattern("s.a")}}, catalog, entries), ElementsAre("VIEW s.v"));
  EXPECT_THAT(ids_of(entries), ElementsAre(1, 3, 8));
  ASSERT_EQ(catalog.tables.size(), 1U);
  EXPECT_EQ(catalog.tables.front().name, "s.b");
  EXPECT_THAT(catalog.sequences, IsEmpty());
  EXPECT_EQ(catalog.large_objects.count, 3);
}

TEST(ApplyFilter, ExcludedRowsLeaveTheTable) {
  auto entries = two_tables();
  auto catalog = catalog_of_two();
  EXPECT_THAT(apply_filter({.excluded_rows = {pattern("a")}}, catalog, entries), IsEmpty());
  EXPECT_EQ(entries.size(), two_tables().size());
  ASSERT_EQ(catalog.tables.size(), 1U);
  EXPECT_EQ(catalog.tables.front().name, "s.b");
}

TEST(ApplyFilter, SchemaOnlyMovesNoData) {
  auto entries = two_tables();
  auto catalog = catalog_of_two();
  apply_filter({.schema_only = true}, catalog, entries);
  EXPECT_EQ(entries.size(), two_tables().size());
  EXPECT_THAT(catalog.tables, IsEmpty());
  EXPECT_THAT(catalog.sequences, IsEmpty());
  EXPECT_EQ(catalog.large_objects.count, 0);
}

}  // namespace
}  // namespace pgpassage::migrate
