#include "app/report/trace_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "sample_assessment.hpp"

namespace pgpassage::app {
namespace {

using testing::HasSubstr;

TEST(TraceText, IsALadderThereAndBack) {
  const auto flows = not_ready_assessment().flows;
  const std::string allowed = render_trace_text(flows[0], "contoso.yaml", {.unicode = true});
  EXPECT_EQ(allowed, golden("trace-allowed.txt", allowed));
  const std::string denied = render_trace_text(flows[1], "contoso.yaml", {});
  EXPECT_EQ(denied, golden("trace-denied.txt", denied));
}

TEST(TraceText, PutsPlacesBelowTheirHopInANarrowTerminal) {
  const std::string text = render_trace_text(not_ready_assessment().flows[1], "contoso.yaml", {.width = 40});
  EXPECT_THAT(text, HasSubstr("    + x deny    nsg\n    |   snet-runtime\n    |   nsg-runtime/deny-all-out\n"));
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 40) << line;
}

TEST(TraceText, SaysFirstWhatStopsTheFlow) {
  const std::string text = render_trace_text(not_ready_assessment().flows[1], "contoso.yaml", {});
  EXPECT_TRUE(
      text.starts_with("x DENIED  orders-runtime to orders-target, port 5432\n"
                       "  stopped at snet-runtime by nsg-runtime/deny-all-out\n"));
}

TEST(TraceText, SaysWhatLeavesItOpen) {
  const std::string text = render_trace_text(not_ready_assessment().flows[2], "contoso.yaml", {});
  EXPECT_TRUE(text.starts_with("? UNKNOWN"));
  EXPECT_THAT(text, HasSubstr("left open at snet-tools by nsg-tools/to-storage"));
}

TEST(TraceText, KeepsItsRailWithHostileNames) {
  const std::string text = render_trace_text(hostile_assessment().flows[0], "contoso.yaml", {});
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_EQ(text.find("\nREADY"), text.npos);
}

TEST(TraceJson, IsOneElementOfFlows) {
  const auto flow = boost::json::parse(render_trace_json(not_ready_assessment().flows[0]));
  EXPECT_EQ(flow.at("id"), "runtime->source");
  EXPECT_EQ(flow.at("predicted"), "allowed");
  EXPECT_EQ(flow.at("hops").as_array().size(), 3U);
}

}  // namespace
}  // namespace pgpassage::app
