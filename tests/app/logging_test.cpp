#include "app/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

namespace pgpassage::app {
namespace {

std::string logged(const CommonOptions& common, const std::string& message) {
  testing::internal::CaptureStderr();
  set_up_logging(common);
  spdlog::get("migrate")->info(message);
  spdlog::get("migrate")->error(message);
  return testing::internal::GetCapturedStderr();
}

TEST(Logging, HasALoggerForEveryRoom) {
  set_up_logging({});
  for (const char* room : {"netcheck", "dns", "scenarios", "migrate"}) EXPECT_NE(spdlog::get(room), nullptr) << room;
}

TEST(Logging, WritesNamesThatCannotForgeALine) {
  const std::string text = logged({}, "table copied table=a\nb\x1b[2J");
  EXPECT_THAT(text, testing::HasSubstr(" error migrate: table copied table=a\\nb\\x1b[2J\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);  // info is below the default level
}

TEST(Logging, InJsonIsOneObjectALine) {
  const std::string text = logged({.log_level = "info", .log_json = true}, "a \"b\"\nc");
  ASSERT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  const auto line = boost::json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(line.at("logger"), "migrate");
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("message"), "a \"b\"\nc");
}

TEST(Logging, QuietLeavesErrors) {
  const std::string text = logged({.log_level = "debug", .quiet = true}, "it failed");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

}  // namespace
}  // namespace pgpassage::app
