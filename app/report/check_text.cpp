#include "app/report/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/report/references.hpp"

namespace pgpassage::app {
namespace {

using scenarios::Assessment;

std::string heading(const Assessment& assessment, const Subject& subject, const TextStyle& style) {
  const Tone tone = tone_of(assessment.verdict);
  const std::string answer = fmt::format("{} {}", symbol(style, tone), word_of(assessment.verdict));
  const std::string sentence = wrap(style, display_width(answer) + 2, sentence_of(assessment, subject));
  std::string text = fmt::format("{}  {}\n\n", paint(style, tone, answer), sentence);
  text += labelled(style, 13, "  Migration", way_of(subject, style.unicode));
  text += labelled(style, 13, "  File", subject.file);
  text += labelled(style, 13, "  Edition",
                   assessment.edition + (assessment.edition_overridden ? " (by --edition, not the file's own)" : ""));
  if (!subject.waivers.file.empty()) text += labelled(style, 13, "  Waivers", subject.waivers.file);
  for (const std::string& note : subject.notes) text += labelled(style, 13, "  Note", note);
  return text;
}

std::string scenario_text(const scenarios::Scenario& scenario, const std::string& mark, const TextStyle& style) {
  if (scenario.id.empty()) {
    std::string text = labelled(style, 13, "  Scenario", "none: no row of the matrix names this combination");
    for (const std::string& row : scenario.nearest) text += labelled(style, 13, "    nearest", row);
    return text;
  }
  std::string text = labelled(style, 13, "  Scenario", scenario.id + "  " + scenario.title);
  text += labelled(style, 13, "",
                   fmt::format("{}{}{}{}", scenario.supported ? "supported" : "not supported", path_words(scenario),
                               mark.empty() ? "" : " ", mark));
  return text;
}

std::string checksum_text(const Subject& subject, const TextStyle& style) {
  return labelled(style, 13, "  SHA-256", subject.sha256);
}

std::string summary_text(const scenarios::Summary& summary, const TextStyle& style) {
  std::string text = "\n";
  int used = 0;
  for (const auto& [number, tone, word] : counts_of(summary)) {
    const std::string words = fmt::format("{} {}", number, word);
    const int width = display_width(words);
    if (used > 0) text += used + 2 + width + 1 > style.width ? (used = 0, ",\n") : (used += 2, ", ");
    text += number == 0 ? words : paint(style, tone, words);
    used += width;
  }
  return text + "\n";
}

std::string places_text(const Assessment& assessment, const TextStyle& style) {
  std::string text;
  for (const scenarios::StandingPlace& place : assessment.places)
    text += labelled(style, 13, text.empty() ? "  Here" : "",
                     fmt::format("{}{}{}", place.name, place.evidence.empty() ? "" : ": ", place.evidence));
  return text;
}

/// How to have probed what was not: each way once.
std::string cures_text(const Assessment& assessment, const TextStyle& style) {
  std::vector<std::string> cures;
  for (const scenarios::FlowAssessment& flow : assessment.flows)
    if (const std::string& cure = flow.observation.cure; !cure.empty() && std::ranges::find(cures, cure) == cures.end())
      cures.push_back(cure);
  std::string text = cures.empty() ? "" : "\n" + paint(style, Tone::strong, "To probe the rest") + "\n";
  for (const std::string& cure : cures) text += fmt::format("  {}\n", wrap(style, 2, cure));
  return text;
}

}  // namespace

std::string render_text(const Assessment& assessment, const Subject& subject, const TextStyle& style, Depth depth) {
  std::string text = heading(assessment, subject, style);
  if (depth == Depth::full) text += checksum_text(subject, style);
  text +=
      scenario_text(assessment.scenario, reference_mark(cited_by(assessment, depth), assessment.scenario.cite), style);
  text += places_text(assessment, style);
  text += flows_text(assessment, subject, style, depth);
  text += names_text(assessment, subject, style, depth);
  text += findings_text(assessment, subject, style, depth);
  text += references_text(cited_by(assessment, depth), style);
  return text + summary_text(assessment.summary, style);
}

std::string render_probe_text(const Assessment& assessment, Subject subject, const TextStyle& style) {
  subject.every_step = true;
  std::string text =
      flows_text(assessment, subject, style, Depth::brief) + names_text(assessment, subject, style, Depth::brief);
  if (text.empty()) return "This scenario has no flows to probe.\n";
  text += cures_text(assessment, style);
  const std::string places = places_text(assessment, style);
  return places.empty() ? text.substr(1) : places + text;  // without the empty line before the first section
}

}  // namespace pgpassage::app
