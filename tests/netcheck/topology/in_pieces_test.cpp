#include "netcheck/topology/reading/in_pieces.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "netcheck/topology/reader.hpp"

namespace pgpassage::reading {
namespace {

std::string contoso_json() {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/tests/fuzz/topology.json"};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every element of a list is a piece of its own, and none fits into what is looked at first.
constexpr Pieceful smallest{1, 3};

class ReadInPieces : public testing::TestWithParam<Pieceful> {};

TEST_P(ReadInPieces, ReadsWhatTheOtherReaderReads) {
  const std::string text = contoso_json();
  const auto in_pieces = read_in_pieces(text, "check", GetParam());
  const auto as_yaml = read_topology(text, TopologyFormat::yaml);
  ASSERT_TRUE(in_pieces);
  ASSERT_TRUE(as_yaml);
  EXPECT_TRUE(*in_pieces == *as_yaml);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReadInPieces,
                         testing::Values(smallest, Pieceful{1, 1}, Pieceful{100, 2}, Pieceful{1000, 2}, Pieceful{}));

TEST(ReadInPieces, KeepsTheLinesOfEachObject) {
  std::string text = contoso_json();
  for (std::size_t at = text.find("}, {"); at != text.npos; at = text.find("}, {", at)) text.replace(at, 4, "}\n,\n {");
  const auto in_pieces = read_in_pieces(text, {}, smallest);
  const auto as_yaml = read_topology(text, TopologyFormat::yaml);
  ASSERT_TRUE(in_pieces);
  ASSERT_TRUE(as_yaml);
  EXPECT_TRUE(*in_pieces == *as_yaml);
  EXPECT_GT(in_pieces->servers.back().location.line, 10);
}

TEST(ReadInPieces, NotesStandInTheirPlaces) {
  std::string text = contoso_json();
  const std::size_t tag = text.find("\"VirtualNetwork\"");
  ASSERT_NE(tag, text.npos);
  text.replace(tag, 16, "\"Zzzzzzzzzz.Qqqqqqqq\"");
  const auto in_pieces = read_in_pieces(text, {}, smallest);
  ASSERT_TRUE(in_pieces);
  ASSERT_EQ(in_pieces->notes.size(), 1u);
  EXPECT_EQ(in_pieces->notes[0].location, (Location{1, static_cast<int>(tag) + 1}));
}

/// Each text differs from a good one by one character: what is no JSON is never read, anything else as by the others.
TEST(ReadInPieces, TakesNoTextThatIsNoJson) {
  const std::string good = contoso_json();
  int refused = 0;
  int read = 0;
  for (std::size_t at = 0; at < good.size(); at += 31) {
    for (const char put : {'\0', ',', ']', '}', '"', '{', '1', '\\', '\xff'}) {
      std::string text = good;
      if (put == '\0') {
        text.erase(at, 1);
      } else {
        text[at] = put;
      }
      const auto in_pieces = read_in_pieces(text, {}, {64, 1});
      boost::json::error_code error;
      boost::json::parse(text, error);
      const auto otherwise = read_topology(text, TopologyFormat::yaml);
      EXPECT_FALSE(in_pieces && error) << text;
      EXPECT_FALSE(in_pieces && otherwise && *in_pieces != *otherwise) << text;
      EXPECT_FALSE(otherwise && !error && !in_pieces) << text;
      ++(in_pieces ? read : refused);
    }
  }
  EXPECT_GT(read, 50);
  EXPECT_GT(refused, 1000);
}

struct OddCase {
  const char* name;
  const char* text;
};
class ReadOddPieces : public testing::TestWithParam<OddCase> {};

TEST_P(ReadOddPieces, SaysNothingOfATextWithAnError) { EXPECT_FALSE(read_in_pieces(GetParam().text, {}, smallest)); }

INSTANTIATE_TEST_SUITE_P(Texts, ReadOddPieces,
                         testing::Values(OddCase{"Empty", ""}, OddCase{"Brace", "{"}, OddCase{"List", "[]"},
                                         OddCase{"Scalar", "1"}, OddCase{"NoComma", R"({"sites": [] "servers": []})"},
                                         OddCase{"CommaBehindElements", R"({"sites": [{"name": "a"},]})"},
                                         OddCase{"CommaBehindMembers", R"({"sites": [],})"},
                                         OddCase{"CommaFirst", R"({,"sites": []})"},
                                         OddCase{"CommaAlone", R"({"sites": [,]})"},
                                         OddCase{"WrongBracket", R"({"sites": [{"name": "a"}})"},
                                         OddCase{"TextBehind", R"({"sites": []} 1)"},
                                         OddCase{"ListNotClosed", R"({"sites": [{"name": "a"})"},
                                         OddCase{"BracketsInAString", R"({"sites": ["}}}}],[{", "}]"]})"}),
                         [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::reading
