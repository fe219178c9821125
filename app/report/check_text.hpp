#pragma once

#include <string>

#include "app/report/subject.hpp"
#include "app/report/text_style.hpp"
#include "scenarios/verdict/assessment.hpp"

/// An assessment for people: the answer first, then why, then what to do. Pure.
namespace pgpassage::app {

/// `brief` shows what is wrong or not known; `full` also every hop and every check that passed, for an auditor.
enum class Depth { brief, full };

std::string render_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                        Depth depth = Depth::brief);

/// Flows and names alone, as `probe` prints them.
std::string render_probe_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style);

/// The sections, each with its title and an empty line before it; empty when there is nothing to show.
std::string flows_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth);
std::string names_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth);
std::string findings_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                          Depth depth);

/// `Document, "Section" (2025-02)`; "pgpassage's own reasoning" when it cites nothing.
std::string cite_text(const Cite& cite);

/// "file:31:9", or empty when the location is not known.
std::string place_text(const std::string& file, Location location);

Tone tone_of(netcheck::Predicted predicted);

}  // namespace pgpassage::app
