#include "migrate/cdc/plugins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgpassage::migrate::cdc {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::Pair;

TEST(Plugins, GapsFollowTheVersion) {
  EXPECT_THAT(gaps_of({Plugin::pgoutput, 90603}), ElementsAre(Gap::everything));
  EXPECT_THAT(gaps_of({Plugin::pgoutput, 100023}),
              ElementsAre(Gap::truncate, Gap::messages, Gap::two_phase, Gap::streaming, Gap::restart_identity));
  EXPECT_THAT(gaps_of({Plugin::pgoutput, 140023}), ElementsAre(Gap::two_phase));
  EXPECT_THAT(gaps_of({Plugin::pgoutput, 150020}), ElementsAre());
  EXPECT_THAT(gaps_of({Plugin::wal2json, 150020}), Contains(Gap::special_numbers));
  EXPECT_THAT(gaps_of({Plugin::wal2json, 150020, true}), Not(Contains(Gap::special_numbers)));
  EXPECT_THAT(gaps_of({Plugin::test_decoding, 90524}), Contains(Gap::messages));
}

TEST(Plugins, AGapIsSaidWithItsPlugin) {
  EXPECT_EQ(describe(Gap::truncate, {Plugin::test_decoding, 90603}),
            "test_decoding on PostgreSQL 9 does not carry TRUNCATE: the target would keep the rows");
}

TEST(Plugins, AutoTakesTheFastestThatExists) {
  EXPECT_EQ(plugin_for(100000, true), Plugin::pgoutput);
  EXPECT_EQ(plugin_for(90603, true), Plugin::wal2json);
  EXPECT_EQ(plugin_for(90603, false), Plugin::test_decoding);
}

TEST(Plugins, OptionsAreThoseThatTheVersionKnows) {
  EXPECT_THAT(options_of({Plugin::pgoutput, 100023}, "p"),
              ElementsAre(Pair("proto_version", "1"), Pair("publication_names", "p")));
  EXPECT_THAT(options_of({Plugin::pgoutput, 160000}, "p"), Contains(Pair("messages", "true")));
  EXPECT_THAT(options_of({Plugin::wal2json, 170000, true}, ""), Contains(Pair("numeric-data-types-as-string", "1")));
  EXPECT_THAT(options_of({Plugin::wal2json, 150020}, ""), Not(Contains(Pair("numeric-data-types-as-string", "1"))));
}

TEST(Plugins, NamesReadBack) {
  for (const Plugin plugin : {Plugin::pgoutput, Plugin::wal2json, Plugin::test_decoding})
    EXPECT_EQ(plugin_of(to_string(plugin)), plugin);
  EXPECT_FALSE(plugin_of("decoderbufs"));
}

}  // namespace
}  // namespace pgpassage::migrate::cdc
