#include "app/report/grid.hpp"

#include <algorithm>

namespace pgpassage::app {
namespace {

constexpr int gap = 2;

struct Column {
  int width = 0;
  bool numeric = true;
  bool starts_line = false;
};

bool is_number(const std::string& cell) {
  return !cell.empty() &&
         std::ranges::all_of(cell, [](char character) { return character >= '0' && character <= '9'; });
}

std::vector<Column> columns_of(const GridRow& headings, const std::vector<GridRow>& rows, int indent, int width) {
  std::vector<Column> columns;
  int used = indent;
  for (std::size_t index = 0; index < headings.size(); ++index) {
    Column column{display_width(headings[index]), true, false};
    for (const GridRow& row : rows) {
      column.width = std::max(column.width, display_width(printable(row[index])));
      column.numeric = column.numeric && is_number(row[index]);
    }
    if (index > 0 && used + column.width > width) {
      column.starts_line = true;
      used = indent + 2;
    }
    used += column.width + gap;
    columns.push_back(column);
  }
  return columns;
}

std::string spaces(int count) { return std::string(static_cast<std::size_t>(std::max(count, 0)), ' '); }

std::string row_text(const GridRow& row, const std::vector<Column>& columns, int indent) {
  std::string text;
  std::string line = spaces(indent);
  const auto end_line = [&] {
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) text += line + "\n";  // a part of the row that has no cells says nothing
  };
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].starts_line) {
      end_line();
      line = spaces(indent + 2);
    }
    const std::string cell = printable(row[index]);
    const std::string padding = spaces(columns[index].width - display_width(cell));
    line += columns[index].numeric ? padding + cell : cell + padding;
    line += spaces(gap);
  }
  end_line();
  return text;
}

}  // namespace

std::string grid_text(const GridRow& headings, const std::vector<GridRow>& rows, int indent, const TextStyle& style) {
  const std::vector<Column> columns = columns_of(headings, rows, indent, style.width);
  std::string text = row_text(headings, columns, indent);
  for (const GridRow& row : rows) text += row_text(row, columns, indent);
  return text;
}

}  // namespace pgpassage::app
