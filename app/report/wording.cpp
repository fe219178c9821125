#include "app/report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netcheck/base/address_list.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Observed;
using netcheck::Predicted;
using scenarios::Verdict;

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

/// An answer that leads elsewhere than the file says is as bad as none.
bool elsewhere(const scenarios::NameAssessment& name) {
  if (!name.strays.empty()) return true;
  return name.observed && name.predicted.kind == dns::AnswerKind::addresses &&
         std::ranges::none_of(name.observed->addresses, [&](const IpAddress& address) {
           return std::ranges::find(name.predicted.addresses, address) != name.predicted.addresses.end();
         });
}

std::string waived_words(int waived) {
  if (waived == 0) return {};
  return waived == 1 ? "; 1 finding is waived" : fmt::format("; {} findings are waived", waived);
}

}  // namespace

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready: return Tone::good;
    case Verdict::inconclusive: return Tone::unsure;
    default: return Tone::bad;
  }
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready: return "READY";
    case Verdict::not_ready: return "NOT READY";
    case Verdict::unsupported: return "UNSUPPORTED";
    case Verdict::inconclusive: return "INCONCLUSIVE";
  }
  return "INCONCLUSIVE";
}

std::string sentence_of(const scenarios::Assessment& assessment, const Subject& subject) {
  switch (assessment.verdict) {
    case Verdict::ready:
      return fmt::format("{} can cross this network{}{}.", subject.migration,
                         subject.live ? "" : " on paper; the network itself was not asked",
                         waived_words(assessment.summary.waived));
    case Verdict::not_ready: return fmt::format("{} cannot cross this network as it stands.", subject.migration);
    case Verdict::unsupported:
      return fmt::format("the documents of edition {} do not support this scenario.", assessment.edition);
    case Verdict::inconclusive:
      return fmt::format("nothing failed, but something that {} needs could not be checked.", subject.migration);
  }
  return {};
}

std::string way_of(const Subject& subject, bool unicode) {
  const std::string_view arrow = unicode ? "→" : "->";
  if (subject.runtime_server.empty()) return fmt::format("{} {} {}", subject.source, arrow, subject.target);
  return fmt::format("{} {} {} {} {}", subject.source, arrow, subject.runtime_server, arrow, subject.target);
}

std::string_view path_words(const scenarios::Scenario& scenario) {
  if (!scenario.path) return "";
  return *scenario.path == scenarios::Path::direct ? ", directly between source and target"
                                                   : ", through the migration runtime server";
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

std::string answer_text(const dns::Answer& answer, Depth depth) {
  const bool addresses = answer.kind == dns::AnswerKind::addresses;
  std::string text = addresses ? listed(answer.addresses) : std::string{words_of(answer.kind)};
  if (!answer.by.empty()) text += fmt::format(", by {}", answer.by);
  // Why there is no address is a finding.
  if (answer.detail.empty() || (depth == Depth::brief && answer.kind != dns::AnswerKind::unknown)) return text;
  return text + fmt::format(" ({})", answer.detail);
}

std::string lookup_text(const std::optional<dns::Lookup>& lookup, bool with_detail) {
  if (!lookup) return "not asked";
  std::string text =
      lookup->status == dns::LookupStatus::answered ? listed(lookup->addresses) : std::string{words_of(lookup->status)};
  if (!lookup->server.empty())
    text += fmt::format(", from {} in {}", lookup->server, scenarios::describe(lookup->elapsed));
  if (with_detail && !lookup->detail.empty()) text += fmt::format(" ({})", lookup->detail);
  return text;
}

Tone tone_of(Predicted predicted) {
  switch (predicted) {
    case Predicted::allowed: return Tone::good;
    case Predicted::denied: return Tone::bad;
    case Predicted::unknown: return Tone::unsure;
  }
  return Tone::unsure;
}

Tone tone_of(netcheck::Decision decision) {
  switch (decision) {
    case netcheck::Decision::allow:
    case netcheck::Decision::forward: return Tone::good;
    case netcheck::Decision::deny: return Tone::bad;
    case netcheck::Decision::unknown: return Tone::unsure;
  }
  return Tone::unsure;
}

Tone tone_of_flow(const scenarios::FlowAssessment& flow, bool live) {
  const Observed observed = flow.observation.observed;
  if (live && observed == Observed::not_probed && flow.trace.predicted == Predicted::allowed) return Tone::unsure;
  if (observed != Observed::not_probed && observed != Observed::connected) return Tone::bad;
  return tone_of(flow.trace.predicted);
}

Tone tone_of_name(const scenarios::NameAssessment& name, bool live) {
  if (name.observed && name.observed->status != dns::LookupStatus::answered) return Tone::bad;
  if (elsewhere(name)) return Tone::bad;
  if (name.predicted.kind == dns::AnswerKind::unknown) return name.observed ? Tone::good : Tone::unsure;
  if (name.predicted.kind != dns::AnswerKind::addresses) return Tone::bad;
  return live && !name.observed ? Tone::unsure : Tone::good;
}

int rank(const Finding& finding) {
  if (finding.status == Status::waived) return 3;
  if (finding.status == Status::warning && finding.rule->severity == Severity::error) return 1;
  return static_cast<int>(finding.rule->severity);
}

Tone tone_of(const Finding& finding) {
  switch (finding.status) {
    case Status::passed: return Tone::good;
    case Status::failed: return finding.rule->severity == Severity::error ? Tone::bad : Tone::caution;
    case Status::warning: return Tone::caution;
    case Status::unknown: return Tone::unsure;
    case Status::skipped:
    case Status::waived: return Tone::quiet;
  }
  return Tone::unsure;
}

std::string_view word_of(const Finding& finding) {
  return finding.status == Status::failed ? to_string(finding.rule->severity) : to_string(finding.status);
}

std::array<Count, 6> counts_of(const scenarios::Summary& summary) {
  return {{{summary.passed, Tone::good, "passed"},
           {summary.failed, Tone::bad, "failed"},
           {summary.warning, Tone::caution, "warning"},
           {summary.unknown, Tone::unsure, "unknown"},
           {summary.skipped, Tone::quiet, "skipped"},
           {summary.waived, Tone::quiet, "waived"}}};
}

std::string cite_text(const Cite& cite) {
  if (cite.document.empty()) return "pgpassage's own reasoning";
  std::string text = cite.document;
  if (!cite.section.empty()) text += fmt::format(", \"{}\"", cite.section);
  if (!cite.edition.empty()) text += fmt::format(" ({})", cite.edition);
  return text;
}

std::string place_text(const std::string& file, Location location) {
  return location.known() ? fmt::format("{}:{}:{}", file, location.line, location.column) : std::string{};
}

}  // namespace pgpassage::app
