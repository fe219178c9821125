#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"

/// Whole databases, compared by what pg_dump says about both ends.
namespace pgpassage::migrate {
namespace {

using live::Cluster;
using live::dump;
using testing::ElementsAre;
using testing::IsEmpty;

void expect_success(const Outcome& outcome) {
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_THAT(outcome.remaining, IsEmpty());
}

struct CopyCase {
  const char* name;
  const char* sql;
};

void PrintTo(const CopyCase& test, std::ostream* out) { *out << test.name; }

class LiveCopy : public testing::TestWithParam<CopyCase> {};

TEST_P(LiveCopy, TargetDumpsLikeTheSource) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  for (const auto* cluster : {&source, &target}) cluster->run("CREATE ROLE alice; CREATE ROLE \"Bob B\"");
  source.run("CREATE DATABASE shop");
  source.run(GetParam().sql, "shop");
  expect_success(live::migrate_now(live::request(source, target, {"shop"})));
  EXPECT_EQ(dump(target, "shop"), dump(source, "shop"));
}

INSTANTIATE_TEST_SUITE_P(Databases, LiveCopy,
                         testing::Values(CopyCase{"Empty", "SELECT 1"}, CopyCase{"OddNames", R"(
CREATE SCHEMA "Odd ""Names"; CREATE TABLE "Odd ""Names"."Täble; DROP" ("Cölumn ""x""" int PRIMARY KEY, "select" text);
INSERT INTO "Odd ""Names"."Täble; DROP" VALUES (1, 'a'), (2, E'tab\there'), (3, NULL), (4, '\.');
COMMENT ON TABLE "Odd ""Names"."Täble; DROP" IS E'line\n--\n-- TOC entry 1 (class 1259 OID 1)\n; OWNER TO x';
CREATE INDEX "In;dex" ON "Odd ""Names"."Täble; DROP" ("select"); COMMENT ON INDEX "Odd ""Names"."In;dex" IS 'it''s')"},
                                         CopyCase{"TablesWithoutColumns", R"(
CREATE TABLE nothing (); INSERT INTO nothing SELECT FROM generate_series(1, 5);
CREATE TABLE computed (a int GENERATED ALWAYS AS (1) STORED);
INSERT INTO computed SELECT FROM generate_series(1, 3);
CREATE TABLE mixed (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c text);
INSERT INTO mixed (a, c) VALUES (1, 'x'), (2, NULL); ALTER TABLE mixed DROP COLUMN c; CREATE TABLE empty (a int))"},
                                         CopyCase{"TypesOfUsers", R"(
CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b text, c mood); CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (m mood, ms mood[], p posint, ps posint[], c pair, cs pair[], s span, cls regclass, acl aclitem,
                typ regtype, i int[], x xml, mo money, r int4range, mr int4multirange);
INSERT INTO t VALUES ('sad', '{sad,NULL,it''s}', 7, '{1,2}', (1, 'x,"y', 'sad'), ARRAY[(1, NULL, 'sad')::pair], '[1.5,2)',
  'pg_class', 'postgres=r/postgres', 'mood', '{1,NULL,3}', '<a/>', 12.34, '[1,5)', '{[1,2),[5,9)}'))"},
                                         CopyCase{"ExactValues", R"(
CREATE TABLE t (f4 real, f8 float8, n numeric, ts timestamptz, d date, i interval, b bytea, j json, jb jsonb, c char(5));
INSERT INTO t VALUES ('NaN', '-0', 1.00, 'infinity', '4713-01-01 BC', '-1 mon +2 days', '\x00ff', '{"a":  1, "a": 2}',
  '{"b": 1.0}', 'x'), (1.1, 0.1::float8 + 0.2, 'NaN', '-infinity', 'infinity', '0', '', 'null', 'null', ''),
  (3.4e38, 5e-324, 123456789012345678901234567890.000, '2020-02-28'::timestamptz - '1 us'::interval,
   '5874897-12-31', '178000000 years', NULL, '"\u00e9"', '[]', NULL))"},
                                         CopyCase{"Partitions", R"(
CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY, day date NOT NULL, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY HASH (id); CREATE TABLE p2a PARTITION OF p2 FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE p2b PARTITION OF p2 FOR VALUES WITH (modulus 2, remainder 1);
INSERT INTO p (day, v) SELECT date '2020-06-01' + i % 400, 'v' || i FROM generate_series(1, 1000) i; CREATE INDEX ON p (v);
CREATE TABLE referring (id int, day date, FOREIGN KEY (id, day) REFERENCES p); INSERT INTO referring SELECT id, day FROM p LIMIT 5;
CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent); INSERT INTO child VALUES (1, 2); INSERT INTO parent VALUES (3))"},
                                         CopyCase{"KeysInACircle", R"(
CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE);
INSERT INTO a VALUES (1, 1), (2, 9); INSERT INTO b VALUES (1, 1), (9, 2); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree); INSERT INTO tree VALUES (1, 1), (2, 1);
ALTER TABLE tree ADD CONSTRAINT late CHECK (id > 5) NOT VALID;
ALTER TABLE tree ADD CONSTRAINT words CHECK (id::text <> ' OWNER TO x');
CREATE TABLE busy (during tstzrange, room text, EXCLUDE USING gist (during WITH &&)); CREATE STATISTICS st ON id, up FROM tree)"},
                                         CopyCase{"CodeAndViews", R"(
CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x');
CREATE FUNCTION body() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;
CREATE FUNCTION quoting() RETURNS text LANGUAGE plpgsql AS $a$BEGIN RETURN $$;ALTER TABLE t OWNER TO alice;$$; END$a$;
CREATE VIEW v AS SELECT a, b FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD (INSERT INTO t VALUES (new.a, new.b); DELETE FROM t WHERE a < 0;);
CREATE MATERIALIZED VIEW m AS SELECT a + 1 AS a FROM v; CREATE UNIQUE INDEX ON m (a);
CREATE MATERIALIZED VIEW m2 AS SELECT * FROM m; CREATE MATERIALIZED VIEW stale AS SELECT 1 WITH NO DATA;
CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''fired''; END';
CREATE TRIGGER no BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION boom(); ALTER TABLE t ENABLE ALWAYS TRIGGER no;
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION watch();
ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 0) WITH CHECK (b <> '');
CREATE PUBLICATION pub FOR TABLE t)"},
                                         CopyCase{"SequencesExactly", R"(
CREATE SEQUENCE fresh START 7; CREATE SEQUENCE used INCREMENT -2 MINVALUE -100; SELECT nextval('used'), nextval('used');
CREATE SEQUENCE cached CACHE 10 CYCLE MAXVALUE 25; SELECT nextval('cached'); CREATE SEQUENCE "Odd Seq"; SELECT setval('"Odd Seq"', 42, false);
CREATE TABLE t (id bigserial, i int GENERATED BY DEFAULT AS IDENTITY (START 100)); INSERT INTO t DEFAULT VALUES)"},
                                         CopyCase{"LargeObjects", R"(
SELECT lo_from_bytea(4711, ''), lo_from_bytea(4712, '\x00010203'), lo_from_bytea(4713, decode(repeat('ab', 65536), 'hex')),
  lo_from_bytea(4714, decode(repeat('cd', 1300000), 'hex')); SELECT lo_put(4715, 100000, 'end') FROM (SELECT lo_create(4715)) x;
SELECT count(lo_from_bytea(5000 + i, ('o' || i)::bytea)) FROM generate_series(1, 200) i;
ALTER LARGE OBJECT 4712 OWNER TO alice; GRANT SELECT ON LARGE OBJECT 4713 TO "Bob B" WITH GRANT OPTION; COMMENT ON LARGE OBJECT 4711 IS 'it''s')"},
                                         CopyCase{"OwnersPrivilegesAndSettings", R"(
CREATE SCHEMA s AUTHORIZATION alice; CREATE TABLE s.t (a int, b int); ALTER TABLE s.t OWNER TO "Bob B"; INSERT INTO s.t VALUES (1, 2);
GRANT SELECT (a) ON s.t TO alice; GRANT ALL ON s.t TO PUBLIC; GRANT USAGE ON SCHEMA s TO "Bob B"; REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE alice IN SCHEMA s GRANT SELECT ON TABLES TO "Bob B"; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION s.f() FROM PUBLIC; COMMENT ON COLUMN s.t.a IS 'x'; ALTER DATABASE shop SET search_path = s, "Odd", public;
ALTER DATABASE shop SET work_mem = '5MB'; ALTER ROLE alice IN DATABASE shop SET statement_timeout = '7s'; COMMENT ON DATABASE shop IS 'the shop';
ALTER DATABASE shop CONNECTION LIMIT 33; GRANT CONNECT ON DATABASE shop TO alice; ALTER DATABASE shop OWNER TO alice)"},
                                         CopyCase{"Extensions", R"(
CREATE SCHEMA ext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION citext; CREATE EXTENSION pgcrypto;
CREATE TABLE t (h ext.hstore, hs ext.hstore[], c citext); INSERT INTO t VALUES ('a=>1, "b c"=>NULL', ARRAY['x=>y'::ext.hstore], 'CaSe');
CREATE INDEX ON t USING gin (h))"},
                                         CopyCase{"WideAndUnlogged", R"(
CREATE UNLOGGED TABLE u (a int); INSERT INTO u VALUES (1), (2);
CREATE TABLE big (id int PRIMARY KEY, t text, e text , b bytea); ALTER TABLE big ALTER e SET STORAGE EXTERNAL;
INSERT INTO big SELECT i, repeat(md5(i::text), 1000), repeat('é', i * 5000), decode(repeat('00ff', i * 20000), 'hex') FROM generate_series(1, 40) i;
DO $$ BEGIN EXECUTE 'CREATE TABLE many (' || (SELECT string_agg(format('"column number %s" int', i), ',') FROM generate_series(1, 1600) i) || ')';
EXECUTE 'INSERT INTO many ("column number 1", "column number 1600") VALUES (1, 2)'; END $$)"}),
                         [](const auto& test) { return std::string{test.param.name}; });

// A table in pieces: dead rows, empty pages, pages after the last row, and long rows lie on the cuts.
TEST(LiveCopyPieces, EveryRowComesOnce) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  source.run("CREATE DATABASE shop");
  source.run(
      "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, repeat(i::text, 20) FROM "
      "generate_series(1, 40000) i; DELETE FROM t WHERE id % 3 = 0 OR id BETWEEN 5000 AND 9000 OR id > 39000;"
      "INSERT INTO t SELECT -i, repeat(md5(i::text), 300) FROM generate_series(1, 50) i;"
      "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (99999);"
      "INSERT INTO p SELECT generate_series(1, 30000); CREATE TABLE small (a int); INSERT INTO small VALUES (1)",
      "shop");
  Request request = live::request(source, target, {"shop"});
  request.cutting = {.larger_than_bytes = 256 * 1024, .piece_bytes = 64 * 1024};
  std::vector<TableRecord> tables;
  Observer observer;
  observer.tables = [&](const auto& records) { tables.insert(tables.end(), records.begin(), records.end()); };
  const auto outcome = live::migrate_now(request, observer, live::verification());
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  // The rows' order depends on which stream was faster, so that dumps cannot be compared.
  const std::string rows = "SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || sum(hashtext(t::text)) FROM t";
  EXPECT_EQ(target.ask(rows, "shop"), source.ask(rows, "shop"));
  const auto last =
      std::find_if(tables.rbegin(), tables.rend(), [](const auto& table) { return table.table == "public.t"; });
  ASSERT_NE(last, tables.rend());
  EXPECT_EQ(std::to_string(last->rows), source.ask("SELECT count(*) FROM t", "shop"));
}

struct EncodingCase {
  const char* name;
  const char* sql;  ///< bytes above 127 by chr() or escapes
};

class LiveCopyEncoding : public testing::TestWithParam<EncodingCase> {};

TEST_P(LiveCopyEncoding, EveryByteArrives) {
  PGPASSAGE_NEEDS_SERVER();
  const Cluster source;
  const Cluster target;
  const std::string encoding = GetParam().name;
  source.run("CREATE DATABASE shop TEMPLATE template0 ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C'");
  source.run(GetParam().sql, "shop");
  const auto outcome = live::migrate_now(live::request(source, target, {"shop"}), {}, live::verification());
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
  EXPECT_EQ(target.ask("SHOW server_encoding", "shop"), encoding);
  EXPECT_EQ(target.ask("SELECT string_agg(encode(textsend(v), 'hex'), ',' ORDER BY id) FROM t", "shop"),
            source.ask("SELECT string_agg(encode(textsend(v), 'hex'), ',' ORDER BY id) FROM t", "shop"));
  EXPECT_EQ(dump(target, "shop"), dump(source, "shop"));
}

INSTANTIATE_TEST_SUITE_P(
    Databases, LiveCopyEncoding,
    testing::Values(
        EncodingCase{"LATIN1",
                     "CREATE TABLE t (id int, v text, a text[]); INSERT INTO t SELECT i, chr(i), ARRAY[chr(i)] FROM "
                     "generate_series(1, 255) i; COMMENT ON TABLE t IS E'\\344'"},
        EncodingCase{"SQL_ASCII",
                     "CREATE TABLE t (id int, v text, a text[]); INSERT INTO t VALUES (1, E'\\344', NULL), (2, "
                     "E'\\303\\244', ARRAY[E'\\377'])"},
        EncodingCase{"EUC_JP",
                     "CREATE TABLE t (id int, v text); INSERT INTO t VALUES (1, convert_from('\\xa4a2', 'EUC_JP'))"}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::migrate
