#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/live/dump.hpp"
#include "tests/live/migration.hpp"
#include "tests/live/objects.hpp"

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

struct Pair {
  int from, to;
};

class LiveVersions : public testing::TestWithParam<Pair> {
 protected:
  void SetUp() override {
    for (const int major : {GetParam().from, GetParam().to})
      if (live::server_programs_of(major).empty())
        GTEST_SKIP() << "no server of version " << major << " (tests/live/servers.sh)";
  }
};

// Between major versions pg_dump writes the same thing differently: there the comparison by catalogs is the witness.
TEST_P(LiveVersions, EveryKindOfObjectIsMoved) {
  const Cluster source{{}, live::server_programs_of(GetParam().from)};
  const Cluster target{{}, live::server_programs_of(GetParam().to)};
  for (const auto* cluster : {&source, &target}) make_object_roles(*cluster, live::Maker::superuser);
  make_objects(source, live::Maker::superuser);
  source.run("CREATE DATABASE types");
  source.run(types, "types");
  std::string differences;
  Observer observer;
  observer.verified = [&](const Verification& all) {
    for (const auto& item : all.items)
      if (!item.identical) differences += item.name + " " + item.difference + "\n";
  };
  const auto request = live::request(source, target, {"objects", "types"});
  const auto outcome = live::migrate_now(request, observer, live::verification());
  EXPECT_STREQ(to_string(outcome.stage.state), "Succeeded") << outcome.trouble.message << differences;
  EXPECT_THAT(outcome.remaining, testing::IsEmpty());
  EXPECT_EQ(target.ask("SELECT count(*) FROM sines", "types"), "1000");
  if (GetParam().from != GetParam().to) return;
  for (const char* database : {"objects", "types"})
    EXPECT_EQ(live::dump(target, database), live::dump(source, database));
}

INSTANTIATE_TEST_SUITE_P(Upwards, LiveVersions,
                         testing::Values(Pair{10, 15}, Pair{11, 16}, Pair{12, 17}, Pair{13, 18}, Pair{14, 15},
                                         Pair{15, 18}, Pair{16, 17}, Pair{17, 18}, Pair{18, 18}),
                         [](const auto& test) { return fmt::format("From{}To{}", test.param.from, test.param.to); });

TEST(LiveDowngrade, IsRefusedForTheRightReason) {
  PGPASSAGE_NEEDS_SERVER();
  const auto older = live::server_programs_of(14);
  if (older.empty()) GTEST_SKIP() << "no server of version 14 (tests/live/servers.sh)";
  const Cluster source, target{{}, older};
  source.run("CREATE DATABASE types");
  const auto outcome = live::migrate_now(live::request(source, target, {"types"}));
  EXPECT_EQ(outcome.stage.state, State::failed);
  EXPECT_THAT(outcome.trouble.message, testing::HasSubstr("older than the source's"));
}

}  // namespace
}  // namespace pgpassage::migrate
