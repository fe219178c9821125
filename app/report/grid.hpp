#pragma once

#include <string>
#include <vector>

#include "app/report/text_style.hpp"

namespace pgpassage::app {

/// One row of a grid: as many cells as the grid has headings. Control characters become visible.
using GridRow = std::vector<std::string>;

/// Aligned columns under their headings, with line ends. Where a row is wider than `style.width`, its columns go on,
/// indented, on further lines, and so do the headings: nothing is ever cut. A column whose cells are all numbers is
/// aligned to the right. `indent` spaces stand before every first line. Pure.
std::string grid_text(const GridRow& headings, const std::vector<GridRow>& rows, int indent, const TextStyle& style);

}  // namespace pgpassage::app
