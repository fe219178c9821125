#include "netcheck/topology/editing/yaml_layout.hpp"

#include "netcheck/topology/document/yaml_events.hpp"

namespace pgpassage::editing {
namespace {

/// libyaml counts characters; a text is cut by bytes. Marks come in the order of the text, but for ends of nothing.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : text_{text} {}

  std::size_t at(const yaml_mark_t& mark) {
    if (mark.index < character_) offset_ = character_ = 0;
    for (; character_ < mark.index && offset_ < text_.size(); ++character_) {
      ++offset_;
      while (offset_ < text_.size() && (text_[offset_] & 0xC0) == 0x80) ++offset_;
    }
    return offset_;
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0, character_ = 0;
};

class Builder {
 public:
  explicit Builder(std::string_view text) : offsets_{text} {}

  void take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SCALAR_EVENT: {
        Part& part = add(Style::scalar, event);
        part.text.assign(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length);
        return close(event);
      }
      case YAML_ALIAS_EVENT: add(Style::alias, event); return close(event);
      case YAML_SEQUENCE_START_EVENT:
        add(event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? Style::flow : Style::block, event);
        return;
      case YAML_MAPPING_START_EVENT:
        add(event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? Style::flow : Style::block, event).mapping =
            true;
        return;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close(event);
      default: return;
    }
  }

  Layout layout() { return std::move(layout_); }

 private:
  Part& add(Style style, const yaml_event_t& event) {
    const std::size_t index = layout_.parts.size();
    if (!open_.empty()) layout_.parts[open_.back()].children.push_back(index);
    open_.push_back(index);
    Part& part = layout_.parts.emplace_back();
    part.style = style;
    part.start = part.end = offsets_.at(event.start_mark);
    return part;
  }

  void close(const yaml_event_t& event) {
    Part& part = layout_.parts[open_.back()];
    open_.pop_back();
    if (part.style != Style::block)
      part.end = offsets_.at(event.end_mark);
    else if (!part.children.empty())
      part.end = layout_.parts[part.children.back()].end;
  }

  Offsets offsets_;
  Layout layout_;
  std::vector<std::size_t> open_;
};

}  // namespace

Result<Layout> layout_of(std::string_view text) {
  document::YamlParser parser{text};
  Builder builder{text};
  for (bool ended = false; !ended;) {
    document::YamlEvent event;
    if (!parser.next(event))
      return fail(Errc::input, "not valid YAML in line {}", parser.state().problem_mark.line + 1);
    builder.take(event.state);
    ended = event.state.type == YAML_STREAM_END_EVENT;
  }
  Layout layout = builder.layout();
  if (layout.parts.empty()) return fail(Errc::input, "the file is empty");
  return layout;
}

}  // namespace pgpassage::editing
