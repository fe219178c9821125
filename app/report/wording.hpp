#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "app/report/subject.hpp"
#include "app/report/text_style.hpp"
#include "scenarios/verdict/assessment.hpp"

/// The words for what an assessment holds. Every format takes them from here, so that all say the same. Pure.
namespace pgpassage::app {

/// `brief` shows what is wrong or not known; `full` also every hop and every check that passed, for an auditor.
enum class Depth { brief, full };

std::string_view word_of(scenarios::Verdict verdict);  ///< "NOT READY"
Tone tone_of(scenarios::Verdict verdict);
/// The verdict in one sentence, which goes on behind its word.
std::string sentence_of(const scenarios::Assessment& assessment, const Subject& subject);

std::string way_of(const Subject& subject, bool unicode);  ///< "orders-source -> orders-runtime -> orders-target"
/// ", through the migration runtime server"; empty for a scenario without a path
std::string_view path_words(const scenarios::Scenario& scenario);

std::string observation_text(const netcheck::Observation& observation, Depth depth);  ///< "connected in 3 ms, ..."
std::string answer_text(const dns::Answer& answer, Depth depth);
std::string lookup_text(const std::optional<dns::Lookup>& lookup, bool with_detail);

Tone tone_of(netcheck::Predicted predicted);
Tone tone_of(netcheck::Decision decision);
/// The worse of paper and network; what the network was to say and did not is not known.
Tone tone_of_flow(const scenarios::FlowAssessment& flow, bool live);
Tone tone_of_name(const scenarios::NameAssessment& name, bool live);

/// By which findings are put in order: errors, warnings, notes; then what was accepted.
int rank(const Finding& finding);
Tone tone_of(const Finding& finding);
std::string_view word_of(const Finding& finding);  ///< a failed one's severity, else its status

/// How many findings ended so, the tone of those that did, and the word for them.
struct Count {
  int number = 0;
  Tone tone = Tone::plain;
  std::string_view word;
};

/// In the order in which every format shows them.
std::array<Count, 6> counts_of(const scenarios::Summary& summary);

/// `Document, "Section" (2025-02)`; "pgpassage's own reasoning" when it cites nothing.
std::string cite_text(const Cite& cite);

/// "file:31:9", or empty when the location is not known.
std::string place_text(const std::string& file, Location location);

}  // namespace pgpassage::app
