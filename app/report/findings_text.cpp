#include <fmt/format.h>

#include <algorithm>

#include "app/report/check_text.hpp"
#include "app/report/shell_text.hpp"

namespace pgpassage::app {
namespace {

constexpr int detail_column = 12;

/// Errors, warnings, notes; then what was accepted.
int rank(const Finding& finding) {
  if (finding.status == Status::waived) return 3;
  if (finding.status == Status::warning && finding.rule->severity == Severity::error) return 1;
  return static_cast<int>(finding.rule->severity);
}

std::vector<const Finding*> findings_with(const std::vector<Finding>& findings,
                                          std::initializer_list<Status> statuses) {
  std::vector<const Finding*> chosen;
  for (const Status status : statuses)
    for (const Finding& finding : findings)
      if (finding.status == status) chosen.push_back(&finding);
  return chosen;
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

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  if (text.empty()) return {};
  return labelled(style, detail_column, fmt::format("    {}", label), text);
}

std::string head_of(const Finding& finding, const TextStyle& style) {
  const Tone tone = tone_of(finding);
  const std::string mark = fmt::format("{} {:<7}", symbol(style, tone), word_of(finding));
  const std::string what = fmt::format("{} {}  {}", finding.rule->id, finding.rule->name, finding.subject);
  return fmt::format("  {} {}\n", paint(style, tone, mark), wrap(style, detail_column, what));
}

std::string in_full(const Finding& finding, const std::string& file, const TextStyle& style) {
  std::string text = head_of(finding, style);
  if (!finding.message.empty()) text += fmt::format("    {}\n", wrap(style, 4, finding.message));
  text += detail(style, "at", place_text(file, finding.location));
  for (const std::string& evidence : finding.evidence) text += detail(style, "seen", evidence);
  text += detail(style, "cure", finding.remedy.text);
  if (!finding.remedy.az_cli.empty())
    text += fmt::format("    {:<8}{}\n", "az", shell_lines(style, detail_column, finding.remedy.az_cli));
  return text + detail(style, "source", cite_text(finding.cite == Cite{} ? finding.rule->cite : finding.cite));
}

std::string in_brief(const Finding& finding, const TextStyle& style) {
  std::string text = head_of(finding, style);
  return finding.message.empty() ? text : text + fmt::format("    {}\n", wrap(style, 4, finding.message));
}

template <class Render>
std::string section(const TextStyle& style, std::string_view title, const std::vector<const Finding*>& findings,
                    Render render) {
  if (findings.empty()) return {};
  std::string text = fmt::format("\n{}\n", paint(style, Tone::strong, title));
  for (const Finding* finding : findings) text += render(*finding);
  return text;
}

}  // namespace

std::string findings_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                          Depth depth) {
  const auto full = [&](const Finding& finding) { return in_full(finding, subject.file, style); };
  const auto brief = [&](const Finding& finding) {
    return depth == Depth::full ? full(finding) : in_brief(finding, style);
  };
  auto wrong = findings_with(assessment.findings, {Status::failed, Status::warning, Status::waived});
  std::ranges::stable_sort(wrong, {}, [](const Finding* finding) { return rank(*finding); });
  std::string text = section(style, "Findings", wrong, full);
  text += section(style, "Could not be decided", findings_with(assessment.findings, {Status::unknown}), full);
  text += section(style, "Not checked", findings_with(assessment.findings, {Status::skipped}), brief);
  if (depth == Depth::full)
    text += section(style, "Passed", findings_with(assessment.findings, {Status::passed}), brief);
  return text;
}

}  // namespace pgpassage::app
