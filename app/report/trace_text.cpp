#include "app/report/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/check_json.hpp"
#include "app/report/check_text.hpp"
#include "app/report/json_text.hpp"
#include "app/report/ladder.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::Leg;
using netcheck::Predicted;

std::string hop_text(const Hop& hop, const std::string& file, const TextStyle& style) {
  return rung_text({.tone = tone_of(hop.decision),
                    .decision = to_string(hop.decision),
                    .kind = to_string(hop.kind),
                    .at = hop.at,
                    .by = hop.by,
                    .location = hop.location,
                    .detail = hop.detail},
                   file, style);
}

/// The foot of the ladder: whether the packet arrives.
std::string arrival(const netcheck::Trace& trace, Leg leg, std::string_view node, const TextStyle& style) {
  const auto decided = [&](Decision decision) {
    return std::ranges::any_of(trace.hops, [&](const Hop& hop) { return hop.leg == leg && hop.decision == decision; });
  };
  if (decided(Decision::deny)) return foot_text(Tone::bad, fmt::format("{}: not reached", node), style);
  if (decided(Decision::unknown))
    return foot_text(Tone::unsure, fmt::format("{}: not known whether it is reached", node), style);
  return foot_text(Tone::plain, node, style);
}

std::string leg_text(const scenarios::FlowAssessment& flow, Leg leg, const std::string& file, const TextStyle& style) {
  std::string hops;
  for (const Hop& hop : flow.trace.hops)
    if (hop.leg == leg) hops += hop_text(hop, file, style);
  if (hops.empty()) return {};
  const bool there = leg == Leg::there;
  return fmt::format("    {}: {}\n", there ? "there" : "back", wrap(style, 11, there ? flow.from : flow.to)) + hops +
         arrival(flow.trace, leg, there ? flow.to : flow.from, style);
}

std::string_view word_of(Predicted predicted) {
  switch (predicted) {
    case Predicted::allowed: return "ALLOWED";
    case Predicted::denied: return "DENIED";
    case Predicted::unknown: return "UNKNOWN";
  }
  return "UNKNOWN";
}

/// The first hop that decides against the flow, or leaves it open.
std::string reason(const netcheck::Trace& trace) {
  const Decision sought = trace.predicted == Predicted::denied ? Decision::deny : Decision::unknown;
  const auto hop = std::ranges::find(trace.hops, sought, &Hop::decision);
  if (trace.predicted == Predicted::allowed || hop == trace.hops.end()) return {};
  return fmt::format("{} at {} by {}", sought == Decision::deny ? "stopped" : "left open", hop->at, hop->by);
}

}  // namespace

std::string ladder_text(const scenarios::FlowAssessment& flow, const std::string& file, const TextStyle& style) {
  return leg_text(flow, Leg::there, file, style) + leg_text(flow, Leg::back, file, style);
}

std::string render_trace_text(const scenarios::FlowAssessment& flow, const std::string& file, const TextStyle& style) {
  const Tone tone = tone_of(flow.trace.predicted);
  const std::string answer = fmt::format("{} {}", symbol(style, tone), word_of(flow.trace.predicted));
  const std::string what = fmt::format("{} to {}, port {}", flow.from, flow.to, flow.port);
  std::string text = fmt::format("{}  {}\n", paint(style, tone, answer), wrap(style, display_width(answer) + 2, what));
  if (const std::string why = reason(flow.trace); !why.empty()) text += fmt::format("  {}\n", wrap(style, 2, why));
  if (!flow.answer.chain.empty()) {
    std::string resolved = flow.answer.chain.front();
    for (const IpAddress& address : flow.answer.addresses) resolved += " " + address.to_string();
    if (!flow.answer.by.empty()) resolved += ", by " + flow.answer.by;
    text += labelled(style, 8, "  name", resolved);
  }
  return text + "\n" + ladder_text(flow, file, style);
}

std::string render_trace_json(const scenarios::FlowAssessment& flow) { return json_text(flow_json(flow)); }

}  // namespace pgpassage::app
