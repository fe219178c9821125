#pragma once

#include <string>

#include "app/report/subject.hpp"
#include "app/report/text_style.hpp"
#include "app/report/wording.hpp"
#include "scenarios/verdict/assessment.hpp"

/// An assessment for people: the answer first, then why, then what to do. Pure.
namespace pgpassage::app {

std::string render_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                        Depth depth = Depth::brief);

/// Flows and names alone, as `probe` prints them.
std::string render_probe_text(const scenarios::Assessment& assessment, Subject subject, const TextStyle& style);

/// The sections, each with its title and an empty line before it; empty when there is nothing to show.
std::string flows_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth);
std::string names_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                       Depth depth);
std::string findings_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                          Depth depth);

}  // namespace pgpassage::app
