#pragma once

#include <string_view>

#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::scenarios {

/// Reads a matrix in the form in which scenarios/matrix/*.yaml is compiled in: JSON whose scalars are all strings.
/// Throws std::exception for anything else, which is a bug of ours: the tests read every edition.
Edition read_edition(std::string_view json);

}  // namespace pgpassage::scenarios
