#include "app/report/json_text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

namespace pgpassage::app {
namespace {

namespace json = boost::json;

TEST(JsonText, KeepsTheOrderOfKeysAndReadsBackTheSame) {
  const json::value value{{"zeta", 1}, {"alpha", {{"list", {1, 2, 3}}, {"empty", json::array{}}}}, {"none", nullptr}};
  const std::string text = json_text(value);
  EXPECT_EQ(json::parse(text), value);
  EXPECT_LT(text.find("zeta"), text.find("alpha"));
  EXPECT_EQ(
      text,
      "{\n  \"zeta\": 1,\n  \"alpha\": {\n    \"list\": [1, 2, 3],\n    \"empty\": []\n  },\n  \"none\": null\n}\n");
}

TEST(JsonText, PutsLongArraysOnLinesOfTheirOwn) {
  json::array names;
  for (int i = 0; i < 5; ++i) names.push_back(json::string(std::string(30, 'x')));
  const std::string text = json_text(names);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7);
  EXPECT_EQ(json::parse(text), json::value(names));
}

TEST(JsonText, WritesNumbersWithoutAnExponent) {
  EXPECT_EQ(json_text(json::array{16.0, 1.25, 0.000001, -0.0, 123456789012345678.0, 1e-9}),
            "[16, 1.25, 0.000001, 0, 123456789012345680, 0]\n");
  EXPECT_EQ(json_text(json::object{{"rate", 2.5e7}, {"list", json::array{json::object{{"x", 1e3}}}}}),
            "{\n  \"rate\": 25000000,\n  \"list\": [\n    {\"x\": 1000}\n  ]\n}\n");
  EXPECT_EQ(json_text(json::value(std::numeric_limits<double>::quiet_NaN())), "null\n");
}

TEST(JsonText, HoldsHostileNamesAsData) {
  const std::string hostile = "a\"\\\n\x1b[2J\x01";
  const std::string text = json_text(json::object{{"name", json_string(hostile)}});
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_EQ(json::parse(text).at("name").as_string(), hostile);
}

TEST(JsonString, IsAlwaysValidUtf8) { EXPECT_EQ(json_string("a\xff"), "a\xef\xbf\xbd"); }

TEST(JsonStringOrNull, IsNullForAnEmptyText) {
  EXPECT_TRUE(json_string_or_null("").is_null());
  EXPECT_EQ(json_string_or_null("x").as_string(), "x");
}

}  // namespace
}  // namespace pgpassage::app
