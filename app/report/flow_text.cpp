#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/report/check_text.hpp"
#include "app/report/trace_text.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Observed;
using netcheck::Predicted;

constexpr int detail_column = 15;

std::string title(const TextStyle& style, std::string_view words) {
  return fmt::format("\n{}\n", paint(style, Tone::strong, words));
}

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  return labelled(style, detail_column, fmt::format("    {}", label), text);
}

std::string_view words_of(Observed observed) {
  switch (observed) {
    case Observed::connected: return "connected";
    case Observed::refused: return "refused";
    case Observed::timed_out: return "timed out";
    case Observed::unreachable: return "unreachable";
    case Observed::name_not_found: return "name not found";
    case Observed::wrong_address: return "wrong address";
    case Observed::tls_failed: return "TLS failed";
    case Observed::not_postgres: return "connected, but it is not PostgreSQL";
    case Observed::not_probed: return "not probed";
  }
  return "not probed";
}

std::string observation_text(const netcheck::Observation& observation) {
  std::string text{words_of(observation.observed)};
  if (observation.observed == Observed::not_probed)
    return observation.detail.empty() ? text : fmt::format("{}: {}", text, observation.detail);
  if (observation.address) text += fmt::format(", {}:{}", observation.address->to_string(), observation.port);
  text += fmt::format(", in {} ms", observation.elapsed.count());
  if (!observation.from.empty()) text += fmt::format(", from {}", observation.from);
  if (!observation.detail.empty()) text += fmt::format(" ({})", observation.detail);
  return text;
}

/// What stops or could stop the flow, in the order of the walk.
std::string blockers_text(const netcheck::Trace& trace, const Subject& subject, const TextStyle& style) {
  std::string text;
  for (const netcheck::Hop& hop : trace.hops) {
    if (hop.decision != Decision::deny && hop.decision != Decision::unknown) continue;
    const std::string where = hop.location.known() ? fmt::format(" ({}:{})", subject.file, hop.location.line) : "";
    text += detail(style, hop.decision == Decision::deny ? "stopped" : "undecided",
                   fmt::format("{} at {} by {}{}", hop.leg == netcheck::Leg::there ? "there" : "on the way back",
                               hop.at, hop.by, where));
    if (!hop.detail.empty()) text += detail(style, "", hop.detail);
  }
  return text;
}

/// The worse of paper and network.
Tone tone_of_flow(const scenarios::FlowAssessment& flow) {
  const Observed observed = flow.observation.observed;
  if (observed != Observed::not_probed && observed != Observed::connected) return Tone::bad;
  return tone_of(flow.trace.predicted);
}

std::string flow_text(const scenarios::FlowAssessment& flow, const Subject& subject, const TextStyle& style,
                      Depth depth) {
  const Tone tone = tone_of_flow(flow);
  std::string what = fmt::format("{}  {} to {}, port {}", flow.id, flow.from, flow.to, flow.port);
  if (!flow.stands_for.empty()) what += fmt::format(", standing for {}", flow.stands_for);
  std::string text = fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)), wrap(style, 4, what));
  text += detail(style, "on paper", to_string(flow.trace.predicted));
  text += detail(style, "live", observation_text(flow.observation));
  if (depth == Depth::full) return text + ladder_text(flow, subject.file, style);
  if (flow.trace.predicted != Predicted::allowed) text += blockers_text(flow.trace, subject, style);
  return text;
}

std::string addresses_text(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> words;
  for (const IpAddress& address : addresses) words.push_back(address.to_string());
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string_view words_of(dns::AnswerKind kind) {
  switch (kind) {
    case dns::AnswerKind::addresses: return "addresses";
    case dns::AnswerKind::nx_domain: return "no such name";
    case dns::AnswerKind::no_address: return "no address";
    case dns::AnswerKind::unknown: return "unknown";
    case dns::AnswerKind::server_unreachable: return "no DNS server can answer";
  }
  return "unknown";
}

std::string_view words_of(dns::LookupStatus status) {
  switch (status) {
    case dns::LookupStatus::answered: return "answered";
    case dns::LookupStatus::nx_domain: return "no such name";
    case dns::LookupStatus::no_data: return "no address";
    case dns::LookupStatus::server_failure: return "the DNS server failed";
    case dns::LookupStatus::refused: return "the DNS server refused";
    case dns::LookupStatus::timed_out: return "the DNS server did not answer in time";
    case dns::LookupStatus::unreachable: return "the DNS server is unreachable";
    case dns::LookupStatus::malformed: return "the DNS server's answer makes no sense";
  }
  return "unknown";
}

std::string answer_text(const dns::Answer& answer) {
  std::string text =
      answer.kind == dns::AnswerKind::addresses ? addresses_text(answer.addresses) : std::string{words_of(answer.kind)};
  if (!answer.by.empty()) text += fmt::format(", by {}", answer.by);
  if (!answer.detail.empty()) text += fmt::format(" ({})", answer.detail);
  return text;
}

std::string lookup_text(const std::optional<dns::Lookup>& lookup) {
  if (!lookup) return "not asked";
  std::string text = lookup->status == dns::LookupStatus::answered ? addresses_text(lookup->addresses)
                                                                   : std::string{words_of(lookup->status)};
  if (!lookup->server.empty()) text += fmt::format(", from {} in {} ms", lookup->server, lookup->elapsed.count());
  if (!lookup->detail.empty()) text += fmt::format(" ({})", lookup->detail);
  return text;
}

Tone tone_of_name(const scenarios::NameAssessment& name) {
  if (name.observed && name.observed->status != dns::LookupStatus::answered) return Tone::bad;
  if (name.predicted.kind == dns::AnswerKind::unknown) return name.observed ? Tone::good : Tone::unsure;
  return name.predicted.kind == dns::AnswerKind::addresses ? Tone::good : Tone::bad;
}

std::string name_text(const scenarios::NameAssessment& name, const TextStyle& style) {
  const Tone tone = tone_of_name(name);
  const std::string what = fmt::format("{}  from {}", name.name, name.from);
  return fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)), wrap(style, 4, what)) +
         detail(style, "on paper", answer_text(name.predicted)) + detail(style, "live", lookup_text(name.observed));
}

}  // namespace

Tone tone_of(Predicted predicted) {
  switch (predicted) {
    case Predicted::allowed: return Tone::good;
    case Predicted::denied: return Tone::bad;
    case Predicted::unknown: return Tone::unsure;
  }
  return Tone::unsure;
}

std::string flows_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth) {
  if (assessment.flows.empty()) return {};
  std::string text = title(style, "Flows");
  for (const scenarios::FlowAssessment& flow : assessment.flows) text += flow_text(flow, subject, style, depth);
  return text;
}

std::string names_text(const scenarios::Assessment& assessment, const TextStyle& style) {
  if (assessment.names.empty()) return {};
  std::string text = title(style, "Names");
  for (const scenarios::NameAssessment& name : assessment.names) text += name_text(name, style);
  return text;
}

}  // namespace pgpassage::app
