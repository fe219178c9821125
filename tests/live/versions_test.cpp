#include <gtest/gtest.h>

#include <algorithm>

#include "tests/live/migration.hpp"

/// Whole migrations between the versions of PostgreSQL that this machine has.
namespace pgpassage::migrate {
namespace {

using live::Cluster;

// Types whose text, binary form or catalog differs by version: floats before 12, ranges' multiranges from 14 on.
constexpr const char* types = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE TYPE point3 AS (x float8, y float4, label text);
CREATE TYPE floats AS RANGE (subtype = float8);
CREATE TABLE t (id int PRIMARY KEY, f4 float4, f8 float8, f8a float8[], n numeric, na numeric[], iv interval, ts timestamptz,
  tsa timestamp[], j json, jb jsonb, xm text, mo money, bi bit(3), tv tsvector, en mood, ena mood[], co point3, coa point3[],
  fr floats, ir int4range, nr numrange, po point, pg polygon, ci cidr, m8 macaddr8, c "char", by bytea);
INSERT INTO t VALUES (1, 0.1, 0.1::float8 + 0.2, '{{0.1,NULL},{-0,NaN}}', 1.00, '{1.0,1.00,NaN}', '1 mon 30 days 24:00:00.000001',
  '-infinity', '{infinity,"1999-12-31 23:59:59.999999"}', '{"a":  1, "a":2}', '{"a": 1.00}', 'x', 12.34, B'101', 'a:1 b:2A', 'sad',
  '{"it''s",NULL}', '(0.1,0.2,"x,y")', '{"(0.1,,)",NULL}', '[0.1,0.2)', '[1,5)', '(1.0,2.00]', '(1.1,2)', '((0,0),(1,1),(2,0))',
  '10.0.0.0/8', '08:00:2b:01:02:03:04:05', 'z', '\xdeadbeef00'); INSERT INTO t (id, f4, f8) VALUES (2, 'NaN', 5e-324), (3, '-0', 1.7976931348623157e308);
CREATE TABLE sines AS SELECT i, sin(i) * 10 ^ (i % 40 - 20) AS f, (sin(i) * 10 ^ (i % 9))::float4 AS g FROM generate_series(1, 1000) i;
CREATE TABLE part (id int, d date) PARTITION BY RANGE (d);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); INSERT INTO part VALUES (1, '2020-05-05');
CREATE TABLE idt (id int GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 3), v text); INSERT INTO idt (v) VALUES ('a'), ('b');
CREATE VIEW v AS SELECT id, (co).label FROM t WHERE id > 1 AND po <@ circle '<(0,0),5>';
CREATE MATERIALIZED VIEW mv AS SELECT f FROM sines WHERE f > 0; CREATE INDEX ON mv (f);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE trg();
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); SELECT lo_from_bytea(4711, 'large');
)sql";

// A source that is newer than its target, or than this machine's pg_dump, is refused: for a right reason.
void migrate_between(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Cluster source{{}, from};
  const Cluster target{{}, to};
  source.run("CREATE DATABASE types");
  source.run(types, "types");
  const auto outcome = live::migrate_now(live::request(source, target, {"types"}), {}, live::verification());
  const auto asked = [](const Cluster& cluster) { return std::stoi(cluster.ask("SHOW server_version_num")) / 10000; };
  if (asked(source) <= std::min(asked(target), asked(Cluster{}))) {
    EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message;
    EXPECT_EQ(target.ask("SELECT count(*) FROM sines", "types"), "1000");
  } else {
    EXPECT_EQ(outcome.stage.state, State::failed);
    EXPECT_TRUE(outcome.trouble.message.find("older than the source's") != std::string::npos ||
                outcome.trouble.message.find("cannot read a source of version") != std::string::npos)
        << outcome.trouble.message;
  }
}

TEST(LiveVersions, EveryPairIsMigratedOrRefusedForARightReason) {
  PGPASSAGE_NEEDS_SERVER();
  const auto all = live::every_server_programs();
  for (const auto& from : all)
    for (const auto& to : all) {
      SCOPED_TRACE(from.string() + " to " + to.string());
      migrate_between(from, to);
    }
}

}  // namespace
}  // namespace pgpassage::migrate
