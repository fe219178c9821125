#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "netcheck/base/error.hpp"
#include "scenarios/matrix/matrix.hpp"

/// The scenario matrix of one edition for people and programs. Pure.
namespace pgpassage::app {

/// The edition of that id, the default one for an empty id; an error that names every edition.
Result<const scenarios::Edition*> edition_or_default(const std::string& id);

std::string render_matrix_text(const scenarios::Edition& edition, const TextStyle& style);

/// `{"edition", "rows": [...]}` of contract 5. A row for several kinds of access has them joined by "|".
std::string render_matrix_json(const scenarios::Edition& edition);

}  // namespace pgpassage::app
