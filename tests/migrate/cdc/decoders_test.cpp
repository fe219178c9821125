// What no recording shows: streams that are broken, and tables that change while they are read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/cdc/text/timestamp.hpp"
#include "tests/migrate/cdc/rendered.hpp"

namespace pgpassage::migrate::cdc {
namespace {

using testing::HasSubstr;

constexpr PluginOnServer on_18(Plugin plugin) { return {plugin, 180004}; }

/// What a text plug-in's lines come to.
std::vector<std::string> read(Plugin plugin, std::initializer_list<const char*> lines) {
  std::vector<RecordedMessage> messages;
  for (const char* line : lines) messages.push_back({Lsn{1}, line});
  return rendered(messages, Decoder{on_18(plugin)});
}

TEST(Decoders, RefuseEveryTruncatedMessage) {
  for (const auto& [name, plugin] : {std::pair{"pgoutput-18", Plugin::pgoutput}, {"wal2json-15", Plugin::wal2json}}) {
    Decoder decoder{on_18(plugin)};
    for (const RecordedMessage& message : recorded(name)) {
      for (std::size_t size = 0; size < std::min<std::size_t>(message.payload.size(), 300); ++size) {
        if (size > 0 && (message.payload.front() == 'Y' || message.payload.front() == 'O')) break;  // never looked into
        ASSERT_FALSE(decoder.read({message.lsn, std::string_view{message.payload}.substr(0, size)}))
            << name << " " << size << " bytes of " << message.payload;
      }
      ASSERT_TRUE(decoder.read({message.lsn, message.payload})) << "after refusals";
    }
  }
}

TEST(Decoders, NameTheMessageThatTheyRefuse) {
  Decoder decoder{on_18(Plugin::pgoutput)};
  const auto refused = decoder.read({*Lsn::parse("16/B374D848"), std::string_view{"I\0\0\0\7N", 6}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("'I' message of 6 bytes at 16/B374D848"));
}

TEST(Decoders, RefuseNestedStreams) {
  Decoder decoder{on_18(Plugin::pgoutput)};
  const std::string_view start{"S\0\0\0\7\1", 6};
  EXPECT_FALSE(decoder.read({{}, "E"}));
  EXPECT_TRUE(decoder.read({{}, start}));
  EXPECT_FALSE(decoder.read({{}, start}));
  EXPECT_TRUE(decoder.read({{}, "E"}));
}

TEST(TestDecoding, ReadsWhatLooksLikeSyntaxInsideValues) {
  EXPECT_THAT(
      read(Plugin::test_decoding,
           {"table public.\"T\"\"1\": INSERT: \"a]:\"[text]:' new-tuple: ''x''' b[\"t]:\"]:'unchanged-toast-datum'",
            "table public.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 n[text]:null"}),
      testing::ElementsAre("insert public.T\"1 a]:= new-tuple: 'x' b=unchanged-toast-datum",
                           "update public.t old: id=1 new: id=2 n=(null)"));
}

TEST(TestDecoding, RefusesWhatItDoesNotKnow) {
  Decoder decoder{on_18(Plugin::test_decoding)};
  for (const char* line :
       {"", "BEGIN x", "COMMIT 5 and more", "table t: INSERT: a[integer]:1",
        "table a.b: INSERT: a[integer]:", "table a.b: INSERT: a[integer]:'open", "table a.b: INSERT: a[integer",
        "table a.b: TRUNCATE:", "table a.b: UPDATE: old-key: a[integer]:1",
        "message: transactional: 1 prefix: x, sz: 9 content:short", "PREPARE TRANSACTION 'open",
        "streaming change for transaction", "table a.b: DELETE: (no-tuple-data"})
    EXPECT_FALSE(decoder.read({{}, line})) << line;
}

TEST(Wal2json, RefusesWhatItDoesNotKnow) {
  Decoder decoder{on_18(Plugin::wal2json)};
  for (const char* object :
       {"", "[]", "{}", R"({"action":"X"})", R"({"action":"I","schema":"s","table":"t"})",
        R"({"action":"B"} {"action":"C"})", R"({"action":"D","schema":"s","table":"t","columns":[]})",
        R"({"action":"I","schema":"s","table":"t","columns":[{"name":"a","value":1}]})",
        R"({"action":"I","schema":"s","table":"t","columns":[{"name":"a","typeoid":23,"value":[1]}]})",
        R"({"action":"I","schema":"s","table":"t","columns":[{"name":"a","typeoid":23,"value":nul}]})",
        R"({"action":"C","lsn":"0/0/0"})"})
    EXPECT_FALSE(decoder.read({{}, object})) << object;
}

TEST(Wal2json, NumbersAsTextTellNanFromNull) {
  const RecordedMessage message{
      {},
      R"({"action":"I","schema":"s","table":"t","columns":[{"name":"f","typeoid":701,"value":"NaN"},)"
      R"({"name":"g","typeoid":701,"value":null}]})"};
  EXPECT_THAT(rendered({message}, Decoder{{Plugin::wal2json, 170000, true}}),
              testing::ElementsAre("insert s.t f=NaN g=(null)"));
  EXPECT_THAT(rendered({message}, Decoder{{Plugin::wal2json, 150000, false}}),
              testing::ElementsAre("insert s.t f=NaN g=(unreadable)"));
}

// The first change of a table may be an UPDATE that leaves a TOAST column out, and columns come and go.
TEST(Wal2json, LearnsATableFromWhatChangesName) {
  EXPECT_THAT(
      read(Plugin::wal2json,
           {R"({"action":"U","schema":"s","table":"t","columns":[{"name":"id","typeoid":23,"value":1}],)"
            R"("identity":[{"name":"id","typeoid":23,"value":1}]})",
            R"({"action":"I","schema":"s","table":"t","columns":[{"name":"id","typeoid":23,"value":2},)"
            R"({"name":"big","typeoid":25,"value":"x"}]})",
            R"({"action":"U","schema":"s","table":"t","columns":[{"name":"id","typeoid":23,"value":1}],)"
            R"("identity":[{"name":"id","typeoid":23,"value":1}]})",
            R"({"action":"U","schema":"s","table":"t","columns":[{"name":"new","typeoid":25,"value":"y"}],)"
            R"("identity":[{"name":"id","typeoid":23,"value":1}]})",
            R"({"action":"I","schema":"s","table":"t","columns":[{"name":"id","typeoid":23,"value":3}]})"}),
      testing::ElementsAre("update s.t new: id=1", "insert s.t id=2 big=x", "update s.t new: id=1 big=(unchanged)",
                           "update s.t old: id=1 new: id=(unchanged) big=(unchanged) new=y", "insert s.t id=3"));
}

TEST(Lsns, ReadBack) {
  for (const char* text : {"0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"}) EXPECT_EQ(Lsn::parse(text)->to_string(), text);
  for (const char* text : {"", "/", "0", "0/", "/0", "0/123456789", "123456789/0", "0/0/0", "g/0", "-1/0", "0/ 1"})
    EXPECT_FALSE(Lsn::parse(text)) << text;
}

TEST(Timestamps, AreReadWithTheirZone) {
  using namespace std::chrono;
  const sys_time<microseconds> moment = sys_days{2026y / 1 / 2} + 3h + 4min + 5s + 600ms;
  EXPECT_EQ(timestamp_of("2026-01-02 03:04:05.6+00"), moment);
  EXPECT_EQ(timestamp_of("2026-01-02 08:34:05.600000+05:30"), moment);
  EXPECT_EQ(timestamp_of("2026-01-01 22:04:05.6-05"), moment);
  for (const char* text :
       {"", "2026-01-02", "2026-02-30 00:00:00+00", "2026-01-02 03:04:05.6", "2026-01-02 03:04:05+0x"})
    EXPECT_FALSE(timestamp_of(text)) << text;
}

}  // namespace
}  // namespace pgpassage::migrate::cdc
