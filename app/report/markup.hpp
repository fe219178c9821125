#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace pgpassage::app {

/// Writes HTML and SVG whose text cannot become markup: what is not one of our own element or attribute names goes
/// through `escaped`. Pure.
class Markup {
 public:
  using Attribute = std::pair<std::string_view, std::string_view>;
  using Attributes = std::initializer_list<Attribute>;

  Markup& open(std::string_view element, Attributes attributes = {});
  Markup& close(std::string_view element);
  Markup& text(std::string_view text);
  /// An element with text alone.
  Markup& leaf(std::string_view element, std::string_view text, Attributes attributes = {});
  /// An element without content, closed in itself: `<meta/>`, `<path/>`.
  Markup& single(std::string_view element, Attributes attributes);
  Markup& line_end();
  /// Markup that is ours: a style sheet, another Markup's result.
  Markup& raw(std::string_view markup);

  std::string take() { return std::move(markup_); }

 private:
  std::string markup_;
};

/// Text and attribute values: printable, with `<`, `>`, `&` and both quotes as references.
std::string escaped(std::string_view text);

}  // namespace pgpassage::app
