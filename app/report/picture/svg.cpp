#include <fmt/format.h>

#include "app/report/markup.hpp"
#include "app/report/picture/picture.hpp"

namespace pgpassage::app {
namespace {

constexpr int mark_radius = 8, arrow_length = 7;

std::string number(int value) { return std::to_string(value); }

void add_line(Markup& svg, const Line& line) {
  std::string path;
  for (const auto& [from, to] : line.pieces) path += fmt::format("M{} {}L{} {}", from.x, from.y, to.x, to.y);
  svg.single("path", {{"class", line.style}, {"d", path}}).line_end();
  const std::string tip = line.style + " tip";
  if (line.begins)
    svg.single("circle", {{"class", tip}, {"cx", number(line.start.x)}, {"cy", number(line.start.y)}, {"r", "4"}});
  if (line.arrives)
    svg.single("path", {{"class", tip},
                        {"d", fmt::format("M{0} {1}l-{2} -5v10z", line.end.x + 1, line.end.y, arrow_length + 2)}});
}

/// The whole name is what a pointer over a shortened one shows, and what assistive technology reads.
void add_label(Markup& svg, const Label& label) {
  const std::string baseline = number(label.box.y + label.box.height * 3 / 4);
  svg.open("text", {{"class", label.style}, {"x", number(label.box.x)}, {"y", baseline}}).text(label.text);
  if (label.text != label.full) svg.leaf("title", label.full);
  svg.close("text").line_end();
}

void add_frame(Markup& svg, const Frame& frame) {
  svg.single("rect", {{"class", frame.style},
                      {"x", number(frame.box.x)},
                      {"y", number(frame.box.y)},
                      {"width", number(frame.box.width)},
                      {"height", number(frame.box.height)},
                      {"rx", "4"}})
      .line_end();
}

void add_mark(Markup& svg, const Mark& mark) {
  const std::string x = number(mark.center.x);
  svg.single("circle", {{"class", "mark"}, {"cx", x}, {"cy", number(mark.center.y)}, {"r", number(mark_radius)}});
  svg.leaf("text", number(static_cast<int>(mark.number)),
           {{"class", "mark-number"}, {"x", x}, {"y", number(mark.center.y + 4)}})
      .line_end();
}

}  // namespace

std::string render_svg(const Picture& picture, std::string_view description) {
  Markup svg;
  svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"role", "img"},
                   {"aria-label", description},
                   {"viewBox", fmt::format("0 0 {} {}", picture.width, picture.height)},
                   {"width", number(picture.width)},
                   {"height", number(picture.height)}});
  svg.line_end();
  for (const Frame& frame : picture.frames) add_frame(svg, frame);
  for (const Line& line : picture.lines) add_line(svg, line);
  for (const Label& label : picture.labels) add_label(svg, label);
  for (const Mark& mark : picture.marks) add_mark(svg, mark);
  return svg.close("svg").line_end().take();
}

}  // namespace pgpassage::app
