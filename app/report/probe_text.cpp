#include "app/report/probe_text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace pgpassage::app {
namespace {

using netcheck::StepKind;
using netcheck::StepOutcome;

Tone tone_of(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::passed: return Tone::good;
    case StepOutcome::poor: return Tone::caution;
    case StepOutcome::failed: return Tone::bad;
  }
  return Tone::bad;
}

std::string_view word_of(StepKind kind) {
  switch (kind) {
    case StepKind::name: return "name";
    case StepKind::route: return "route";
    case StepKind::tcp: return "TCP";
    case StepKind::ssl_request: return "greeting";
    case StepKind::tls: return "TLS";
    case StepKind::startup: return "session";
    case StepKind::login: return "login";
    case StepKind::throughput: return "throughput";
    case StepKind::path_mtu: return "path MTU";
  }
  return "name";
}

std::string_view word_of(std::string_view layer) {
  if (layer == "dns") return "name resolution";
  if (layer == "path") return "the way between";
  if (layer == "pathMtu") return "path MTU";
  if (layer == "listener") return "what listens on the port";
  if (layer == "tls") return "TLS";
  if (layer == "access") return "the server's admission";
  if (layer == "file") return "the file";
  return layer;  // routing, login
}

constexpr int evidence_column = 31;

}  // namespace

std::string steps_text(const netcheck::ProbeSteps& steps, const TextStyle& style) {
  std::string text;
  for (const netcheck::ProbeStep& step : steps) {
    const Tone tone = tone_of(step.outcome);
    const std::string head = fmt::format("      {} {:<10} {:>7.1f} ms  ", symbol(style, tone), word_of(step.kind),
                                         static_cast<double>(step.elapsed.count()) / 1e3);
    const std::string words = step.cause.empty() ? step.evidence : fmt::format("{}: {}", step.cause, step.evidence);
    text += paint(style, tone, head) + wrap(style, evidence_column, words) + "\n";
  }
  return text;
}

std::string diagnosis_text(const scenarios::FlowAssessment& flow, const TextStyle& style) {
  if (!flow.diagnosis) return {};
  const scenarios::Diagnosis& found = *flow.diagnosis;
  std::string text = labelled(style, 15, "    likely", fmt::format("{}: {}", word_of(found.layer), found.reason));
  if (!found.command.empty()) text += labelled(style, 15, "    next", found.command);
  return text;
}

}  // namespace pgpassage::app
