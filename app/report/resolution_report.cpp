#include "app/report/resolution_report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/report/check_json.hpp"
#include "app/report/json_text.hpp"
#include "app/report/ladder.hpp"
#include "netcheck/base/address_list.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using dns::AnswerKind;
using dns::NameDecision;

Tone tone_of(NameDecision decision) {
  switch (decision) {
    case NameDecision::answer:
    case NameDecision::alias:
    case NameDecision::forward: return Tone::good;
    case NameDecision::pass: return Tone::quiet;
    case NameDecision::none:
    case NameDecision::deny: return Tone::bad;
    case NameDecision::unknown: return Tone::unsure;
  }
  return Tone::unsure;
}

/// Addresses with a cause are the public side of a server that has a private one.
Tone tone_of(const dns::Answer& answer) {
  switch (answer.kind) {
    case AnswerKind::addresses: return answer.cause.empty() ? Tone::good : Tone::caution;
    case AnswerKind::unknown: return Tone::unsure;
    case AnswerKind::nx_domain:
    case AnswerKind::no_address:
    case AnswerKind::server_unreachable: return Tone::bad;
  }
  return Tone::unsure;
}

std::string_view word_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::addresses: return "RESOLVES";
    case AnswerKind::nx_domain: return "NO SUCH NAME";
    case AnswerKind::no_address: return "NO ADDRESS";
    case AnswerKind::unknown: return "UNKNOWN";
    case AnswerKind::server_unreachable: return "NO DNS SERVER CAN ANSWER";
  }
  return "UNKNOWN";
}

std::string heading_text(const ResolutionReport& report, const TextStyle& style) {
  const dns::Answer& answer = report.resolution.answer;
  const Tone tone = tone_of(answer);
  const std::string verdict = fmt::format("{} {}", symbol(style, tone), word_of(answer.kind));
  const std::string what = fmt::format("{} from {}", report.name, report.from);
  std::string text =
      fmt::format("{}  {}\n", paint(style, tone, verdict), wrap(style, display_width(verdict) + 2, what));
  std::string by = answer.addresses.empty() ? "" : listed(answer.addresses) + ", ";
  by += "by " + answer.by;
  if (answer.location.known()) by += fmt::format("  {}:{}", report.file, answer.location.line);
  text += fmt::format("  {}\n", wrap(style, 2, by));
  if (tone != Tone::good) text += fmt::format("  {}\n", wrap(style, 2, answer.detail));
  return text;
}

/// Where the chain ends, or goes on with the next name.
std::string foot_of(const ResolutionReport& report, const dns::NameHop& last, const TextStyle& style) {
  const dns::Answer& answer = report.resolution.answer;
  switch (last.decision) {
    case NameDecision::answer: return foot_text(Tone::plain, listed(answer.addresses), style);
    case NameDecision::alias: return {};
    case NameDecision::unknown: return foot_text(Tone::unsure, "not known", style);
    default: return foot_text(Tone::bad, "no address", style);
  }
}

json::object hop_json(const dns::NameHop& hop) {
  return {
      {"name", json_string(hop.name)},           {"at", json_string(hop.at)},        {"kind", to_string(hop.kind)},
      {"decision", to_string(hop.decision)},     {"by", json_string(hop.by)},        {"line", line_json(hop.location)},
      {"cause", json_string_or_null(hop.cause)}, {"detail", json_string(hop.detail)}};
}

}  // namespace

std::string render_resolution_text(const ResolutionReport& report, const TextStyle& style) {
  std::string text = heading_text(report, style);
  const auto& hops = report.resolution.hops;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    const dns::NameHop& hop = hops[i];
    if (i == 0 || hops[i - 1].name != hop.name) text += fmt::format("\n    {}\n", wrap(style, 4, hop.name));
    text += rung_text({.tone = tone_of(hop.decision),
                       .decision = to_string(hop.decision),
                       .kind = to_string(hop.kind),
                       .at = hop.at,
                       .by = hop.by,
                       .location = hop.location,
                       .detail = hop.detail},
                      report.file, style);
  }
  return hops.empty() ? text : text + foot_of(report, hops.back(), style);
}

std::string render_resolution_json(const ResolutionReport& report) {
  json::object object = name_json({.name = report.name,
                                   .from = report.from,
                                   .stands_for = {},
                                   .predicted = report.resolution.answer,
                                   .observed = {},
                                   .strays = {}});
  json::array& hops = object["hops"].emplace_array();
  for (const dns::NameHop& hop : report.resolution.hops) hops.push_back(hop_json(hop));
  return json_text(object);
}

}  // namespace pgpassage::app
