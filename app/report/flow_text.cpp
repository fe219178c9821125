#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/check_text.hpp"
#include "app/report/stand_in.hpp"
#include "app/report/trace_text.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Observed;
using netcheck::Predicted;

constexpr int detail_column = 15;

std::string title(const TextStyle& style, std::string_view words) {
  return "\n" + paint_lines(style, Tone::strong, wrap(style, 0, words)) + "\n";
}

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  return labelled(style, detail_column, fmt::format("    {}", label), text);
}

std::string observation_text(const netcheck::Observation& observation, Depth depth) {
  std::string text{scenarios::describe(observation.observed)};
  if (observation.observed == Observed::not_probed)
    return observation.detail.empty() ? text : fmt::format("{}: {}", text, observation.detail);
  text += fmt::format(" {} {}", observation.observed == Observed::connected ? "in" : "after",
                      scenarios::describe(observation.elapsed));
  if (observation.address) text += fmt::format(", {}:{}", observation.address->to_string(), observation.port);
  if (!observation.from.empty()) text += fmt::format(", from {}", observation.from);
  // Findings tell what a time-out or another address means; the paper's address stands under Names.
  const bool told = observation.observed == Observed::timed_out || observation.observed == Observed::wrong_address;
  if (observation.detail.empty() || (depth == Depth::brief && told)) return text;
  return text + fmt::format(" ({})", observation.detail);
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
  }
  return text;
}

/// The worse of paper and network; what the network was to say and did not is not known.
Tone tone_of_flow(const scenarios::FlowAssessment& flow, bool live) {
  const Observed observed = flow.observation.observed;
  if (live && observed == Observed::not_probed && flow.trace.predicted == Predicted::allowed) return Tone::unsure;
  if (observed != Observed::not_probed && observed != Observed::connected) return Tone::bad;
  return tone_of(flow.trace.predicted);
}

/// The host's flow in one line under the role's, when it ends the same.
std::string echoes_text(const scenarios::FlowAssessment& flow, const scenarios::Assessment& assessment,
                        const TextStyle& style) {
  std::string text;
  for (const scenarios::FlowAssessment& host : assessment.flows)
    if (same_outcome(host, flow))
      text += detail(style, "also", fmt::format("{} from {}, standing for {}", host.id, host.from, host.stands_for));
  return text;
}

std::string flow_text(const scenarios::FlowAssessment& flow, const scenarios::Assessment& assessment,
                      const Subject& subject, const TextStyle& style, Depth depth) {
  const Tone tone = tone_of_flow(flow, subject.live);
  std::string what = fmt::format("{}: {} to {}, port {}", flow.id, flow.from, flow.to, flow.port);
  if (!flow.stands_for.empty()) what += fmt::format(", standing for {}", flow.stands_for);
  std::string text = fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)), wrap(style, 4, what));
  if (depth == Depth::brief) text += echoes_text(flow, assessment, style);
  text += detail(style, "on paper", to_string(flow.trace.predicted));
  if (subject.live) text += detail(style, "live", observation_text(flow.observation, depth));
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

std::string answer_text(const dns::Answer& answer, Depth depth) {
  const bool addresses = answer.kind == dns::AnswerKind::addresses;
  std::string text = addresses ? addresses_text(answer.addresses) : std::string{words_of(answer.kind)};
  if (!answer.by.empty()) text += fmt::format(", by {}", answer.by);
  // Why there is no address is a finding.
  if (answer.detail.empty() || (depth == Depth::brief && answer.kind != dns::AnswerKind::unknown)) return text;
  return text + fmt::format(" ({})", answer.detail);
}

std::string lookup_text(const std::optional<dns::Lookup>& lookup, bool with_detail) {
  if (!lookup) return "not asked";
  std::string text = lookup->status == dns::LookupStatus::answered ? addresses_text(lookup->addresses)
                                                                   : std::string{words_of(lookup->status)};
  if (!lookup->server.empty())
    text += fmt::format(", from {} in {}", lookup->server, scenarios::describe(lookup->elapsed));
  if (with_detail && !lookup->detail.empty()) text += fmt::format(" ({})", lookup->detail);
  return text;
}

/// An answer that leads elsewhere than the file says is as bad as none.
bool elsewhere(const scenarios::NameAssessment& name) {
  if (!name.strays.empty()) return true;
  return name.observed && name.predicted.kind == dns::AnswerKind::addresses &&
         std::ranges::none_of(name.observed->addresses, [&](const IpAddress& address) {
           return std::ranges::find(name.predicted.addresses, address) != name.predicted.addresses.end();
         });
}

Tone tone_of_name(const scenarios::NameAssessment& name, bool live) {
  if (name.observed && name.observed->status != dns::LookupStatus::answered) return Tone::bad;
  if (elsewhere(name)) return Tone::bad;
  if (name.predicted.kind == dns::AnswerKind::unknown) return name.observed ? Tone::good : Tone::unsure;
  if (name.predicted.kind != dns::AnswerKind::addresses) return Tone::bad;
  return live && !name.observed ? Tone::unsure : Tone::good;
}

std::string name_text(const scenarios::NameAssessment& name, const scenarios::Assessment& assessment,
                      const Subject& subject, const TextStyle& style, Depth depth) {
  std::string places = name.from;
  if (depth == Depth::brief)
    for (const scenarios::NameAssessment& host : assessment.names)
      if (same_outcome(host, name)) places += " and " + host.from;
  const Tone tone = tone_of_name(name, subject.live);
  // Where a host answered for its role, both are named above: the lookup need not say it again.
  const bool answered = name.observed && name.observed->status == dns::LookupStatus::answered;
  const bool with_detail = depth == Depth::full || places == name.from || !answered;
  return fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)),
                     wrap(style, 4, fmt::format("{}  from {}", name.name, places))) +
         detail(style, "on paper", answer_text(name.predicted, depth)) +
         (subject.live ? detail(style, "live", lookup_text(name.observed, with_detail)) : std::string{});
}

/// A host's flow or name that is shown with its role's.
template <class Kind>
bool told_with_role(const Kind& host, const std::vector<Kind>& all, Depth depth) {
  return depth == Depth::brief && std::ranges::any_of(all, [&](const Kind& role) { return same_outcome(host, role); });
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
  std::string text = title(style, subject.live ? "Flows" : "Flows, on paper: the network was not asked");
  for (const scenarios::FlowAssessment& flow : assessment.flows)
    if (!told_with_role(flow, assessment.flows, depth)) text += flow_text(flow, assessment, subject, style, depth);
  return text;
}

std::string names_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth) {
  if (assessment.names.empty()) return {};
  std::string text = title(style, subject.live ? "Names" : "Names, on paper: no DNS server was asked");
  for (const scenarios::NameAssessment& name : assessment.names)
    if (!told_with_role(name, assessment.names, depth)) text += name_text(name, assessment, subject, style, depth);
  return text;
}

}  // namespace pgpassage::app
