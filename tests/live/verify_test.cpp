#include "migrate/verify/verify.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>

#include "tests/live/cluster.hpp"
#include "tests/live/run.hpp"

namespace pgpassage::live {
namespace {

using namespace migrate;

// One row, at least, of everything whose equality is easily believed and easily wrong.
constexpr const char* base = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE point3 AS (x float8, y float4, label text);
CREATE DOMAIN degrees AS float8;
CREATE TYPE floats AS RANGE (subtype = float8);
CREATE TABLE plain (id int PRIMARY KEY, a text, b text, n numeric, f float8);
INSERT INTO plain VALUES (1, 'x', 'y', 1.0, 0), (2, NULL, '', 'NaN', 'NaN'), (3, 'a,b', '"q"', 1e20, '-0'),
  (4, E'tab\t', E'back\\slash', 0.10, 0.1), (5, '(', ')', -1, 1e308);
CREATE TABLE twins (a int, b text);
INSERT INTO twins VALUES (1, 'p'), (1, 'p'), (2, 'q'), (2, 'q'), (3, 'r');
CREATE TABLE everything (i2 int2, i8 int8, bo bool, by bytea, ch char(4), vc varchar(9), c "char", na name, da date, ti time,
  tz timetz, ts timestamp, tsz timestamptz, iv interval, uu uuid, js json, jb jsonb, xm xml, mo money, bi bit(3), vb varbit,
  ci cidr, ine inet, ma macaddr, po point, li line, ls lseg, bx box, pa path, pg polygon, ce circle, tv tsvector, tq tsquery,
  f4 float4, f8a float8[], f4a float4[], ta text[], en mood, co point3, coa point3[], de degrees, dea degrees[], fr floats,
  ir int4range, oi oid, rc regclass, ls2 pg_lsn, ma8 numeric[]);
INSERT INTO everything VALUES (1, 2, true, '\xdeadbeef', 'ab', 'cd', 'z', 'nm', '2020-02-29', '24:00', '10:00+02', '-infinity',
  '2020-01-01 00:00:00.123456+03', '1 mon 30 days 24:00:00.000001', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a":  1}', '{"a": 1}',
  '<a/>', 12.34, B'101', B'1', '10.0.0.0/8', '10.0.0.1/8', '08:00:2b:01:02:03', '(1.1,2)', '{1,2,3}', '[(0,0),(1,1)]',
  '((0,0),(1,0.1))', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', '<(0,0),0.3>', 'a:1 b', 'a & b', 0.1,
  '{{0.1,NULL},{-0,NaN}}', '{0.3}', '{a,NULL,"NULL"}', 'ok', '(0.1,0.2,x)', '{"(0.1,,)",NULL}', 0.7, '{0.7}',
  '[0.1,0.2)', '[1,5)', 7, 'plain', '0/16B3748', '{1.0,1.00}'); INSERT INTO everything DEFAULT VALUES;
CREATE TABLE "Näme "" x" ("Sp alte" int);
CREATE TABLE parent (k int); CREATE TABLE child (extra int) INHERITS (parent);
INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 2);
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
CREATE SEQUENCE seq; SELECT nextval('seq');
CREATE VIEW v AS SELECT p.id, p.a FROM plain p WHERE p.id > 1;
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
CREATE INDEX plain_a ON plain (a);
COMMENT ON TABLE plain IS 'as it is';
)sql";

class VerifyLive : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (server_programs().empty()) return;
    source = std::make_unique<Cluster>();
    target = std::make_unique<Cluster>();
    for (const auto* cluster : {source.get(), target.get()}) {
      cluster->run("CREATE DATABASE base TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
      cluster->run(base, "base");
      cluster->run("SELECT lo_from_bytea(4711, 'large')", "base");
    }
  }
  static void TearDownTestSuite() { source.reset(), target.reset(); }
  void SetUp() override {
    PGPASSAGE_NEEDS_SERVER();
    for (const auto* cluster : {source.get(), target.get()}) {
      cluster->run("DROP DATABASE IF EXISTS d");
      cluster->run("CREATE DATABASE d TEMPLATE base");
    }
  }

  static DatabaseComparison compare(std::int64_t widest_text = 0) {
    auto result = run(verify_database({.source = source->address(),
                                       .target = target->address(),
                                       .database = "d",
                                       .jobs = 1,
                                       .connect_deadline = deadline_in(std::chrono::seconds{20}),
                                       .widest_text = widest_text}));
    EXPECT_TRUE(result) << result.error().message;
    return result ? std::move(*result) : DatabaseComparison{};
  }

  static std::string differences(const DatabaseComparison& comparison) {
    std::string text;
    for (const VerificationRecord& record : to_records(comparison))
      if (!record.identical) text += record.kind + " " + record.name + ": " + record.difference + "\n";
    return text;
  }

  static inline std::unique_ptr<Cluster> source, target;
};

TEST_F(VerifyLive, TheSameDataIsIdentical) {
  const auto comparison = compare();
  EXPECT_TRUE(comparison.identical()) << differences(comparison);
  EXPECT_TRUE(comparison.complete());
  EXPECT_EQ(comparison.tables.size(), 7u);
  EXPECT_EQ(comparison.large_objects.source_count, 1);
}

TEST_F(VerifyLive, RowOrderAndDroppedColumnsDoNotMatter) {
  target->run(
      "ALTER TABLE twins ADD z int; ALTER TABLE twins DROP z; CREATE TABLE t2 AS TABLE twins; TRUNCATE twins;"
      "INSERT INTO twins SELECT * FROM t2 ORDER BY a DESC; DROP TABLE t2",
      "d");
  const auto comparison = compare();
  EXPECT_TRUE(comparison.identical()) << differences(comparison);
}

struct Mutation {
  const char* name;
  const char* sql;
  const char* found;  ///< in the list of differences
};

constexpr Mutation mutations[] = {
    Mutation{"NumericScale", "UPDATE plain SET n = 1.00 WHERE id = 1", "table public.plain"},
    Mutation{"NegativeZero", "UPDATE plain SET f = '-0' WHERE id = 1", "table public.plain"},
    Mutation{"PositiveZero", "UPDATE plain SET f = 0 WHERE id = 3", "table public.plain"},
    Mutation{"NanBecomesNull", "UPDATE plain SET f = NULL WHERE id = 2", "table public.plain"},
    Mutation{"NumericNanBecomesZero", "UPDATE plain SET n = 0 WHERE id = 2", "table public.plain"},
    Mutation{"NullBecomesEmpty", "UPDATE plain SET a = '' WHERE id = 2", "table public.plain"},
    Mutation{"EmptyBecomesNull", "UPDATE plain SET b = NULL WHERE id = 2", "table public.plain"},
    Mutation{"ColumnsSwapped", "UPDATE plain SET a = b, b = a WHERE id = 1", "table public.plain"},
    Mutation{"SeparatorMoves", "UPDATE plain SET a = 'a', b = 'b\"q\"' WHERE id = 3", "table public.plain"},
    Mutation{"LastBitOfAFloat", "UPDATE plain SET f = 0.10000000000000002 WHERE id = 4", "table public.plain"},
    Mutation{"EqualRowDropped", "DELETE FROM twins WHERE ctid = (SELECT min(ctid) FROM twins)",
             "1 rows are missing on the target"},
    Mutation{"EqualRowDoubled", "INSERT INTO twins VALUES (1, 'p')", "the target has 1 rows too many"},
    Mutation{"PairOfEqualRowsExchangedForAnother",
             "DELETE FROM twins WHERE a = 1; INSERT INTO twins VALUES (2, 'q'), (2, 'q')", "their content differs"},
    Mutation{"JsonWhiteSpace", "UPDATE everything SET js = '{\"a\": 1}' WHERE i2 = 1", "table public.everything"},
    Mutation{"IntervalDaysToHours", "UPDATE everything SET iv = '1 mon 31 days 00:00:00.000001' WHERE i2 = 1",
             "table public.everything"},
    Mutation{"TimeOfMidnight", "UPDATE everything SET ti = '00:00' WHERE i2 = 1", "table public.everything"},
    Mutation{"Microsecond", "UPDATE everything SET tsz = tsz + '1 microsecond' WHERE i2 = 1",
             "table public.everything"},
    Mutation{"FloatInArray", "UPDATE everything SET f8a[2][1] = 0 WHERE i2 = 1", "table public.everything"},
    Mutation{"ArrayLowerBound", "UPDATE everything SET f4a = '[0:0]={0.3}' WHERE i2 = 1", "table public.everything"},
    Mutation{"NullWordInArray", "UPDATE everything SET ta = '{a,NULL,NULL}' WHERE i2 = 1", "table public.everything"},
    Mutation{"FloatInComposite", "UPDATE everything SET co = '(0.10000000000000002,0.2,x)' WHERE i2 = 1",
             "table public.everything"},
    Mutation{"RowOfNullsIsNotNoRow", "UPDATE everything SET co = '(,,)' WHERE i2 IS NULL", "table public.everything"},
    Mutation{"CompositeInArray", "UPDATE everything SET coa[1].label = 'y' WHERE i2 = 1", "table public.everything"},
    Mutation{"FloatInRange", "UPDATE everything SET fr = '[0.1,0.2]' WHERE i2 = 1", "table public.everything"},
    Mutation{"CircleRadius", "UPDATE everything SET ce = '<(0,0),0.30000000000000004>' WHERE i2 = 1",
             "table public.everything"},
    Mutation{"ScaleInArray", "UPDATE everything SET ma8 = '{1.00,1.0}' WHERE i2 = 1", "table public.everything"},
    Mutation{"RowOfAColumnlessTable", "INSERT INTO nothing DEFAULT VALUES", "table public.nothing"},
    Mutation{"RowMovedToTheChild", "DELETE FROM ONLY parent; INSERT INTO child VALUES (1, NULL)",
             "table public.parent"},
    Mutation{"SequenceValue", "SELECT nextval('seq')", "public.seq: 1 on the source, 2 on the target"},
    Mutation{"SequenceCalled", "SELECT setval('seq', 1, false)", "1 (not called) on the target"},
    Mutation{"TableGone", "DROP TABLE twins", "is missing on the target"},
    Mutation{"ColumnsInAnotherOrder",
             "CREATE TABLE t2 AS SELECT b, a FROM twins; DROP TABLE twins; ALTER TABLE t2 RENAME TO twins",
             "its columns are (a, b) on the source, (b, a)"},
    Mutation{"ColumnRenamed", "ALTER TABLE twins RENAME b TO c",
             "its columns are (a, b) on the source, (a, c) on the target"},
    Mutation{"IndexGone", "DROP INDEX plain_a", "index public.plain_a is missing"},
    Mutation{"ConstraintGone", "ALTER TABLE plain DROP CONSTRAINT plain_pkey", "constraint public.plain.plain_pkey"},
    Mutation{"FunctionBody", "CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 3'",
             "function public.twice(integer)"},
    Mutation{"ViewText", "CREATE OR REPLACE VIEW v AS SELECT p.id, p.a FROM plain p WHERE p.id > 2", "view public.v"},
    Mutation{"EnumLabel", "ALTER TYPE mood ADD VALUE 'great'", "type public.mood"},
    Mutation{"Comment", "COMMENT ON TABLE plain IS 'as it was'", "comment table public.plain"},
    Mutation{"GrantToEverybody", "GRANT SELECT ON plain TO public", "grant relation public.plain to public"},
    Mutation{"ColumnDefault", "ALTER TABLE plain ALTER a SET DEFAULT 'z'", "column public.plain.a"},
    Mutation{"ColumnStorage", "ALTER TABLE plain ALTER a SET STORAGE EXTERNAL", "column public.plain.a"},
    Mutation{"StatisticsTarget", "ALTER TABLE plain ALTER a SET STATISTICS 500", "column public.plain.a"},
    Mutation{"NumberOfDistinctValues", "ALTER TABLE plain ALTER a SET (n_distinct = 7)", "column public.plain.a"},
    Mutation{"StorageParameter", "ALTER TABLE plain SET (fillfactor = 70)", "relation public.plain"},
    Mutation{"ToastParameter", "ALTER TABLE plain SET (toast.autovacuum_enabled = false)", "relation public.plain"},
    Mutation{"OperatorFamily", "CREATE OPERATOR FAMILY fam USING btree", "operator family public.fam using btree"},
    Mutation{"CollationAdded", "CREATE COLLATION col FROM \"C\"", "collation public.col"},
    Mutation{"TextSearchParser",
             "CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = "
             "prsd_lextype)",
             "text search parser public.p"},
    Mutation{"RowSecurity", "ALTER TABLE plain ENABLE ROW LEVEL SECURITY", "relation public.plain"}};

constexpr Mutation database_mutations[] = {
    Mutation{"LargeObject", "SELECT lo_put(4711, 0, 'L')", "largeObjects"},
    Mutation{"LargeObjectNumber", "SELECT lo_unlink(4711), lo_from_bytea(4712, 'large')", "largeObjects"},
    Mutation{
        "UserMapping",
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR public SERVER "
        "s OPTIONS (password 'geheim')",
        "user mapping s to public"},
    Mutation{"Setting", "ALTER DATABASE d SET work_mem = '7MB'", "setting (every role)"}};

/// The lines of `text` that speak of an object in `schema`.
std::string lines_of(const std::string& text, const std::string& schema) {
  std::istringstream all{text};
  std::string of_schema;
  for (std::string line; std::getline(all, line);)
    if (line.find(schema + ".") != std::string::npos) of_schema += line + "\n";
  return of_schema;
}

// Every mutation has a schema of its own, so that one comparison finds them all, and nothing else.
TEST_F(VerifyLive, EveryMutationIsFound) {
  for (const Mutation& mutation : mutations) {
    const std::string schema = fmt::format("SET search_path = {}; ", mutation.name);
    for (const auto* cluster : {source.get(), target.get()})
      cluster->run(fmt::format("CREATE SCHEMA {}; {}{}", mutation.name, schema, base), "d");
    target->run(schema + mutation.sql, "d");
  }
  const std::string all = differences(compare());
  EXPECT_EQ(lines_of(all, "public"), "");
  for (const Mutation& mutation : mutations) {
    std::string schema = mutation.name, found = mutation.found;
    std::transform(schema.begin(), schema.end(), schema.begin(), [](unsigned char c) { return std::tolower(c); });
    if (const auto at = found.find("public."); at != found.npos) found.replace(at, 6, schema);
    EXPECT_THAT(lines_of(all, schema), testing::HasSubstr(found)) << mutation.name;
  }
}

TEST_F(VerifyLive, TheRowsThatDifferAreNamedByTheirKeyAlone) {
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE TABLE big (part int, \"Ke y\" int, digest text, key text, PRIMARY KEY (\"Ke y\", part));"
        "INSERT INTO big SELECT g % 7, g, 'secret ' || g, NULL FROM generate_series(1, 5000) g",
        "d");
  target->run(
      "UPDATE big SET digest = 'other' WHERE \"Ke y\" = 17; DELETE FROM big WHERE \"Ke y\" = 4000;"
      "INSERT INTO big VALUES (9, 9, 'secret', 'secret'); UPDATE twins SET b = 'z' WHERE a = 3",
      "d");
  const std::string found = differences(compare());
  EXPECT_THAT(found, testing::HasSubstr("\nrow (17,3) differs"));
  EXPECT_THAT(found, testing::HasSubstr("\nrow (4000,3) is missing on the target"));
  EXPECT_THAT(found, testing::HasSubstr("\nrow (9,9) is on the target only"));
  EXPECT_THAT(found, testing::ContainsRegex("row with digest -?[0-9]+ is missing on the target"));
  EXPECT_THAT(found, testing::Not(testing::HasSubstr("secret")));
}

TEST_F(VerifyLive, CountsAloneDoNotLookAtContent) {
  target->run("UPDATE plain SET a = 'other' WHERE id = 1", "d");
  VerifyRequest request{.source = source->address(),
                        .target = target->address(),
                        .database = "d",
                        .connect_deadline = deadline_in(std::chrono::seconds{20}),
                        .depth = VerifyDepth::counts};
  const auto counted = run(verify_database(request));
  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_TRUE(counted->identical()) << differences(*counted);
  EXPECT_THAT(counted->notes, testing::Contains(testing::HasSubstr("rows of tables were counted")));
  target->run("DELETE FROM plain WHERE id = 1", "d");
  EXPECT_THAT(differences(*run(verify_database(request))), testing::HasSubstr("1 rows are missing on the target"));
  request.depth = VerifyDepth::none;
  const auto none = run(verify_database(request));
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(to_records(*none).empty());
  EXPECT_THAT(none->notes, testing::ElementsAre(testing::HasSubstr("were not compared")));
}

TEST_F(VerifyLive, EveryMutationOfTheDatabaseIsFound) {
  for (const Mutation& mutation : database_mutations) {
    target->run("DROP DATABASE d");
    target->run("CREATE DATABASE d TEMPLATE base");
    target->run(mutation.sql, "d");
    const std::string found = differences(compare());
    EXPECT_THAT(found, testing::HasSubstr(mutation.found)) << mutation.name;
    EXPECT_THAT(found, testing::Not(testing::HasSubstr("geheim")));
  }
}

TEST_F(VerifyLive, AnotherCollationOfTheDatabaseIsFound) {
  target->run("DROP DATABASE d");
  target->run("CREATE DATABASE d TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
  target->run(base, "d");
  target->run("SELECT lo_from_bytea(4711, 'large')", "d");
  EXPECT_THAT(differences(compare()),
              testing::HasSubstr("locale database: source c c.utf8 c.utf8 | target c c c.utf8"));
}

TEST_F(VerifyLive, AnOrdinaryRoleVerifiesWhatItMayRead) {
  for (const auto* cluster : {source.get(), target.get()}) {
    cluster->run(
        "DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'r'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    cluster->run(
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; GRANT SELECT ON SEQUENCE seq TO reader;"
        "GRANT SELECT ON LARGE OBJECT 4711 TO reader",
        "d");
  }
  setenv("PGPASSAGE_TEST_READER", "r", 1);
  auto request = VerifyRequest{.source = source->address("reader"),
                               .target = target->address("reader"),
                               .database = "d",
                               .connect_deadline = deadline_in(std::chrono::seconds{20})};
  request.source.password_env = request.target.password_env = "PGPASSAGE_TEST_READER";
  const auto allowed = run(verify_database(request));
  ASSERT_TRUE(allowed) << allowed.error().message;
  EXPECT_TRUE(allowed->identical()) << differences(*allowed);
  target->run("REVOKE SELECT ON twins FROM reader", "d");
  const auto refused = run(verify_database(request));
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_FALSE(refused->identical());
  EXPECT_FALSE(refused->complete());
  EXPECT_NE(differences(*refused).find("could not be read on the target"), std::string::npos);
}

TEST_F(VerifyLive, AnotherEncodingOfTheSameTextIsTheSame) {
  for (const auto* cluster : {source.get(), target.get()}) cluster->run("DROP DATABASE d");
  source->run("CREATE DATABASE d TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  target->run("CREATE DATABASE d TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE TABLE t (a text, b text[], f float8[]);"
        "INSERT INTO t VALUES (chr(196) || chr(160) || chr(223), ARRAY[chr(233)], '{0.1}')",
        "d");
  const auto same = compare();
  ASSERT_EQ(same.tables.size(), 1u);
  EXPECT_TRUE(same.tables.front().identical) << same.tables.front().difference;
  target->run("UPDATE t SET a = 'A' || chr(160) || chr(223)", "d");
  EXPECT_FALSE(compare().tables.front().identical);
}

// What PostgreSQL does with a row whose text passes 1 GB, at 1 kB: every table goes on column by column.
TEST_F(VerifyLive, ARowWiderThanOneTextIsComparedInPieces) {
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE TABLE wide (a bytea, b text, c text[], f float8);"
        "INSERT INTO wide SELECT decode(repeat('ab', 700), 'hex'), repeat('cd', 350), ARRAY[repeat('e', 300)], 0.1",
        "d");
  const auto same = compare(1000);
  EXPECT_TRUE(same.identical()) << differences(same);
  target->run("UPDATE wide SET c[1] = repeat('e', 301)", "d");
  const auto other = compare(1000);
  EXPECT_TRUE(other.complete()) << differences(other);
  EXPECT_NE(differences(other).find("table public.wide"), std::string::npos) << differences(other);
}

TEST_F(VerifyLive, BlanksAtTheEndOfACharacterCountColumnByColumnToo) {
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE DOMAIN code AS bpchar; CREATE TABLE wide (a text, b bpchar, c code);"
        "INSERT INTO wide VALUES (repeat('a', 2000), 'b  ', 'c ')",
        "d");
  const auto same = compare(1000);
  EXPECT_TRUE(same.identical()) << differences(same);
  for (const char* change : {"UPDATE wide SET b = 'b '", "UPDATE wide SET b = 'b  ', c = 'c'"}) {
    target->run(change, "d");
    EXPECT_NE(differences(compare(1000)).find("table public.wide"), std::string::npos) << change;
  }
}

// A materialized view holds what it held when it was refreshed last; a migration refreshes it on the target.
TEST_F(VerifyLive, MaterializedViewsAreComparedByTheirRows) {
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE MATERIALIZED VIEW fresh AS SELECT a, count(*) AS n FROM twins GROUP BY a;"
        "CREATE MATERIALIZED VIEW stale AS SELECT a FROM twins;"
        "CREATE MATERIALIZED VIEW clock AS SELECT a, now() AS at FROM twins;"
        "CREATE VIEW between AS SELECT a FROM stale; CREATE MATERIALIZED VIEW nested AS SELECT count(*) FROM between;"
        "CREATE MATERIALIZED VIEW empty AS SELECT 1 AS a WITH NO DATA; INSERT INTO twins VALUES (4, 's')",
        "d");
  target->run("REFRESH MATERIALIZED VIEW stale; REFRESH MATERIALIZED VIEW nested", "d");
  const auto same = compare();
  EXPECT_TRUE(same.identical()) << differences(same);
  EXPECT_THAT(same.notes,
              testing::UnorderedElementsAre(testing::HasSubstr("public.stale is stale on the source (5 rows)"),
                                            testing::HasSubstr("public.nested is stale on the source (1 rows), or"),
                                            testing::HasSubstr("public.clock: its query depends on time or chance")));
  target->run(
      "INSERT INTO twins VALUES (5, 't'); REFRESH MATERIALIZED VIEW fresh; DELETE FROM twins WHERE a = 5;"
      "REFRESH MATERIALIZED VIEW empty",
      "d");
  const std::string text = differences(compare());
  EXPECT_NE(text.find("materializedView public.fresh: the target has 2 rows too many"), std::string::npos) << text;
  EXPECT_EQ(text.find("public.nested"), std::string::npos) << text;
  source->run("REFRESH MATERIALIZED VIEW stale; REFRESH MATERIALIZED VIEW nested", "d");
  target->run("INSERT INTO twins VALUES (6, 'u'); REFRESH MATERIALIZED VIEW stale; REFRESH MATERIALIZED VIEW nested",
              "d");
  EXPECT_NE(differences(compare()).find("materializedView public.stale"), std::string::npos);
  EXPECT_NE(text.find("materializedView public.empty: is populated on the target only"), std::string::npos) << text;
}

TEST_F(VerifyLive, ForeignTablesAreNotedAsNotCompared) {
  for (const auto* cluster : {source.get(), target.get()})
    cluster->run(
        "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA WRAPPER nowhere;"
        "CREATE FOREIGN TABLE away (a int) SERVER far",
        "d");
  const auto comparison = compare();
  EXPECT_TRUE(comparison.identical()) << differences(comparison);
  EXPECT_THAT(comparison.notes, testing::ElementsAre(testing::HasSubstr("foreign table public.away")));
}

}  // namespace
}  // namespace pgpassage::live
