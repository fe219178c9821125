#include <fmt/format.h>

#include <algorithm>

#include "app/report/check_text.hpp"
#include "app/report/probe_text.hpp"
#include "app/report/stand_in.hpp"
#include "app/report/trace_text.hpp"

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
  if (subject.every_step || depth == Depth::full) text += steps_text(flow.observation.steps, style);
  text += diagnosis_text(flow, style);
  if (depth == Depth::full) return text + ladder_text(flow, subject.file, style);
  if (flow.trace.predicted != Predicted::allowed) text += blockers_text(flow.trace, subject, style);
  return text;
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
