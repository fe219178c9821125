#pragma once

#include <string>
#include <vector>

#include "app/report/check_text.hpp"

/// The documents that a result cites. A text names each once, at its end, and points there by number. Pure.
namespace pgpassage::app {

/// In the order of their first mention: the scenario's, then those of the findings that `depth` shows in full.
std::vector<Cite> cited_by(const scenarios::Assessment& assessment, Depth depth);

/// The finding's own citation, else its rule's; empty when the rule is pgpassage's own reasoning.
const Cite& cite_of(const Finding& finding);

/// "[1]"; empty for a citation that is not among `cites`.
std::string reference_mark(const std::vector<Cite>& cites, const Cite& cite);

/// The section at the end, with its title; empty when nothing is cited.
std::string references_text(const std::vector<Cite>& cites, const TextStyle& style);

}  // namespace pgpassage::app
