#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/report/picture/areas.hpp"

/// A scene with places, in pixels from the top left corner. Pure.
///
/// Areas stand in columns. Every line runs in the gutter to the left of a column, and between columns above all areas:
/// no line crosses an area beyond its left edge, where no label is.
namespace pgpassage::app {

struct Box {
  int x = 0, y = 0, width = 0, height = 0;
};

struct Label {
  Box box;           ///< what the text takes at most, in any monospaced font of that size
  std::string text;  ///< shortened in the middle where it is too long
  std::string full;
  std::string_view style;  ///< class in report.css
};

struct Frame {
  Box box;
  std::string_view style;
};

struct Point {
  int x = 0, y = 0;
};

/// Horizontal and vertical pieces, each from one point to the next.
struct Line {
  std::vector<std::pair<Point, Point>> pieces;
  std::string style;
  bool begins = false, arrives = false;
  Point start, end;  ///< of a flow's
};

/// The number of a Stop, on the line that it stops.
struct Mark {
  Point center;
  std::size_t number = 0;
};

struct Picture {
  int width = 0, height = 0;
  std::vector<Frame> frames;
  std::vector<Label> labels;
  std::vector<Line> lines;
  std::vector<Mark> marks;
};

Picture picture_of(const Scene& scene);

/// Inline SVG, styled by report.css. `description` is read where the picture is not seen.
std::string render_svg(const Picture& picture, std::string_view description);

}  // namespace pgpassage::app
