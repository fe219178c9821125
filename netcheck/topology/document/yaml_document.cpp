// libyaml, not yaml-cpp: the same events, with the same positions, in an eighth of the time.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <unordered_map>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/document/yaml_events.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::document {
namespace {

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

Location location_of(const yaml_mark_t& mark) {
  return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

bool null_spelling(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Builds the tree from libyaml's events. `error` ends the reading.
class Tree {
 public:
  explicit Tree(std::size_t text_bytes) { document_.nodes.reserve(std::min(text_bytes / 8 + 16, max_nodes)); }

  void take(const yaml_event_t& event);
  bool empty() const { return document_.nodes.empty(); }
  std::optional<Diagnostic> error;
  Document document() { return std::move(document_); }

 private:
  struct Anchor {
    std::uint32_t node = 0;
    bool closed = false;
  };

  struct Open {
    std::uint32_t node;
    Anchor* anchor;  // null without one
  };

  Node* add(Kind kind, const yaml_event_t& event);
  void add_scalar(const yaml_event_t& event);
  void add_alias(const yaml_event_t& event);
  void open(Kind kind, const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag);
  void close();
  void check_tag(std::string_view tag, std::string_view wanted, const yaml_event_t& event);
  void fail(const yaml_event_t& event, std::string message, std::string suggestion = {});

  Document document_;
  std::vector<Open> open_;                           // the mappings and sequences around the next value
  std::unordered_map<std::string, Anchor> anchors_;  // a later anchor of the same name replaces an earlier one
};

void Tree::fail(const yaml_event_t& event, std::string message, std::string suggestion) {
  if (!error) error = Diagnostic{location_of(event.start_mark), std::move(message), std::move(suggestion)};
}

Node* Tree::add(Kind kind, const yaml_event_t& event) {
  if (document_.nodes.size() >= max_nodes) {
    fail(event, fmt::format("the file holds more than {} values", max_nodes), "aliases count with all that they name");
    return nullptr;
  }
  Node& node = document_.nodes.emplace_back();
  node.kind = kind;
  node.line = static_cast<std::uint32_t>(event.start_mark.line + 1);
  node.column = static_cast<std::uint32_t>(event.start_mark.column + 1) & 0xFFFFFFF;
  return &node;
}

void Tree::check_tag(std::string_view tag, std::string_view wanted, const yaml_event_t& event) {
  if (!tag.empty() && tag != "!" && tag != wanted)
    fail(event, fmt::format("the YAML tag {} is not supported, only !!str, !!seq and !!map are", reading::quoted(tag)),
         "leave the tag out");
}

void Tree::add_scalar(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  const std::string_view text{reinterpret_cast<const char*>(scalar.value), scalar.length};
  check_tag(view(scalar.tag), YAML_STR_TAG, event);
  const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nullptr;
  Node* node = add(!plain ? Kind::quoted : null_spelling(text) ? Kind::null : Kind::plain, event);
  if (node == nullptr) return;
  const std::string_view kept = document_.keep(text);
  node->data = kept.data();
  node->size = static_cast<std::uint32_t>(kept.size());
  if (scalar.anchor != nullptr)
    anchors_[std::string{view(scalar.anchor)}] = {static_cast<std::uint32_t>(document_.nodes.size() - 1), true};
}

void Tree::add_alias(const yaml_event_t& event) {
  const std::string name{view(event.data.alias.anchor)};
  const auto found = anchors_.find(name);
  if (found == anchors_.end())
    return fail(event, fmt::format("the alias {} names no anchor that stands before it", reading::quoted(name)));
  if (!found->second.closed)
    return fail(event, fmt::format("the alias {} stands inside the value that it names", reading::quoted(name)));
  const std::size_t from = found->second.node;
  const std::size_t span = document_.nodes[from].span;
  if (document_.nodes.size() + span > max_nodes)
    return fail(event, fmt::format("the aliases of the file expand to more than {} values", max_nodes));
  const std::size_t at = document_.nodes.size();
  document_.nodes.resize(at + span);
  std::copy_n(document_.nodes.begin() + static_cast<std::ptrdiff_t>(from), span,
              document_.nodes.begin() + static_cast<std::ptrdiff_t>(at));
  document_.nodes[at].line = static_cast<std::uint32_t>(event.start_mark.line + 1);
  document_.nodes[at].column = static_cast<std::uint32_t>(event.start_mark.column + 1) & 0xFFFFFFF;
}

void Tree::open(Kind kind, const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
  check_tag(view(tag), kind == Kind::mapping ? YAML_MAP_TAG : YAML_SEQ_TAG, event);
  if (open_.size() >= max_depth) return fail(event, fmt::format("values are nested more than {} deep", max_depth));
  if (add(kind, event) == nullptr) return;
  const auto index = static_cast<std::uint32_t>(document_.nodes.size() - 1);
  Anchor* named = anchor == nullptr ? nullptr : &anchors_[std::string{view(anchor)}];
  if (named != nullptr) *named = {index, false};
  open_.push_back({index, named});
}

void Tree::close() {
  const auto [index, anchor] = open_.back();
  Node& node = document_.nodes[index];
  node.span = static_cast<std::uint32_t>(document_.nodes.size() - index);
  if (node.kind == Kind::sequence) node.size = children_of(node);
  if (anchor != nullptr && anchor->node == index) anchor->closed = true;
  open_.pop_back();
}

void Tree::take(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_SCALAR_EVENT: return add_scalar(event);
    case YAML_ALIAS_EVENT: return add_alias(event);
    case YAML_SEQUENCE_START_EVENT:
      return open(Kind::sequence, event, event.data.sequence_start.anchor, event.data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
      return open(Kind::mapping, event, event.data.mapping_start.anchor, event.data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return close();
    case YAML_DOCUMENT_START_EVENT:
      if (!empty()) fail(event, "the file holds more than one YAML document", "keep one topology per file");
      return;
    default: return;
  }
}

/// The cure for the mistakes that people make most.
std::string cure_of(const yaml_parser_t& parser, std::string_view context) {
  if (context.find("alias") != context.npos) return "write a * that is meant as itself in quotes: \"*\"";
  const bool here = parser.buffer.pointer != nullptr && parser.buffer.pointer < parser.buffer.last &&
                    parser.problem_mark.index == parser.mark.index;
  return here && *parser.buffer.pointer == '\t' ? "indent with spaces: YAML does not allow tabs there" : "";
}

/// libyaml's own words for a text that is no YAML.
Diagnostic syntax_error(const yaml_parser_t& parser, std::string_view text) {
  if (parser.error == YAML_MEMORY_ERROR) return {{1, 1}, "the file needs more memory than there is", {}};
  if (parser.error == YAML_READER_ERROR) {
    const std::size_t invalid = invalid_utf8_at(text);
    const bool utf8 = invalid > parser.problem_offset;
    const std::string what = utf8 ? fmt::format("the character U+{:04X}", static_cast<unsigned>(parser.problem_value))
                                  : std::string{"a byte that is not UTF-8"};
    return {Position{text}.at(utf8 ? parser.problem_offset : invalid),
            fmt::format("the file is not text: it holds {}", what), "save the topology as plain UTF-8 text"};
  }
  // What is not ended is found at the end of the text, or of the next line: the place is where it began.
  const std::string_view context = parser.context == nullptr ? "" : parser.context;
  const bool not_ended = context.find("simple key") != context.npos || context.find("quoted scalar") != context.npos;
  const yaml_mark_t& mark = not_ended ? parser.context_mark : parser.problem_mark;
  const std::string_view problem = parser.problem == nullptr ? "?" : parser.problem;
  std::string message =
      fmt::format("not valid YAML{}: {}", shown_at(text, offset_of_character(text, mark.index)), problem);
  if (!context.empty()) message += fmt::format(", {} of line {}", context, parser.context_mark.line + 1);
  return {location_of(mark), std::move(message), cure_of(parser, context)};
}

/// libyaml keeps every tag directive and compares each new one with all: many take minutes, and no topology has one.
std::optional<Diagnostic> too_many_directives(std::string_view text) {
  constexpr std::string_view directive = "\n%TAG";
  constexpr int most = 100;
  int count = 0;
  for (std::size_t at = text.find(directive); at != text.npos; at = text.find(directive, at + directive.size()))
    if (++count > most)
      return Diagnostic{Position{text}.at(at + 1), fmt::format("the file has more than {} %TAG directives", most),
                        "leave them out"};
  return std::nullopt;
}

}  // namespace

tl::expected<Document, Diagnostic> read_yaml(std::string_view text) {
  if (auto error = too_many_directives(text)) return tl::unexpected(std::move(*error));
  YamlParser parser{text};
  Tree tree{text.size()};
  for (bool ended = false; !ended;) {
    YamlEvent event;
    if (!parser.next(event)) return tl::unexpected(syntax_error(parser.state(), text));
    tree.take(event.state);
    if (tree.error) return tl::unexpected(*tree.error);
    ended = event.state.type == YAML_STREAM_END_EVENT;
  }
  if (tree.empty())
    return tl::unexpected(Diagnostic{{1, 1}, "the file is empty", "a topology starts with apiVersion: pgpassage/v1"});
  return tree.document();
}

}  // namespace pgpassage::document
