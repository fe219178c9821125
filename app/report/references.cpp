#include "app/report/references.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::app {
namespace {

bool shown_in_full(const Finding& finding, Depth depth) {
  return depth == Depth::full || (finding.status != Status::passed && finding.status != Status::skipped);
}

}  // namespace

const Cite& cite_of(const Finding& finding) { return finding.cite == Cite{} ? finding.rule->cite : finding.cite; }

std::vector<Cite> cited_by(const scenarios::Assessment& assessment, Depth depth) {
  std::vector<Cite> cites;
  const auto mention = [&](const Cite& cite) {
    if (!cite.document.empty() && std::ranges::find(cites, cite) == cites.end()) cites.push_back(cite);
  };
  mention(assessment.scenario.cite);
  for (const Finding& finding : assessment.findings)
    if (shown_in_full(finding, depth)) mention(cite_of(finding));
  return cites;
}

std::string reference_mark(const std::vector<Cite>& cites, const Cite& cite) {
  const auto found = std::ranges::find(cites, cite);
  return found == cites.end() ? std::string{} : fmt::format("[{}]", found - cites.begin() + 1);
}

std::string references_text(const std::vector<Cite>& cites, const TextStyle& style) {
  if (cites.empty()) return {};
  std::string text = fmt::format("\n{}\n", paint(style, Tone::strong, "Sources"));
  for (const Cite& cite : cites)
    text += labelled(style, 6, fmt::format("  {}", reference_mark(cites, cite)), cite_text(cite));
  return text;
}

}  // namespace pgpassage::app
