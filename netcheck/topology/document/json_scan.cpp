// The fast way through JSON that has no error: what simdjson's first stage found, walked once. The first stage, which
// simdjson keeps apart for its own two parsers, has told the offset of every bracket, colon, comma, string and scalar,
// and has checked UTF-8, quotes and control characters inside strings; so a string ends at the last quote before the
// next offset, and no byte of it is looked at again. simdjson's on-demand parser (json_document.cpp) needs a padded
// copy of the text and copies every string.
#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <string>

#include "netcheck/topology/document/json.hpp"

namespace pgpassage::document {
namespace {

constexpr std::size_t max_integer_digits = 15;  // which every reader of JSON keeps exactly

using FirstStage = std::unique_ptr<simdjson::internal::dom_parser_implementation>;

/// Null when the text is too large, or has an error that the first stage finds.
FirstStage first_stage(std::string_view text) {
  FirstStage stage;
  const auto* simd = simdjson::get_active_implementation().operator->();
  if (simd->create_dom_parser_implementation(text.size(), max_depth, stage) != simdjson::SUCCESS) return nullptr;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (stage->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return nullptr;
  return stage;
}

bool white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > max_integer_digits || (text.front() == '0' && text.size() > 1)) return false;
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return true;
}

class Scan {
 public:
  Scan(std::string_view text, const simdjson::internal::dom_parser_implementation& stage)
      : text_{text},
        stage_{stage},
        next_{stage.structural_indexes.get()},
        end_{next_ + stage.n_structural_indexes},
        has_escapes_{text.find('\\') != text.npos},
        position_{text} {
    document_.places = PlaceIndex{text};
    document_.nodes.reserve(std::min(static_cast<std::size_t>(end_ - next_) / 2 + 16, max_json_nodes));
  }

  /// False: the text is not what this reads.
  bool run() { return next_ != end_ && text_[*next_] == '{' && value(0) && next_ == end_; }
  Document document() { return std::move(document_); }

 private:
  char here() const { return next_ == end_ ? '\0' : text_[*next_]; }
  bool take(char c) { return here() == c && (++next_, true); }

  bool value(std::size_t depth);
  bool container(std::size_t depth, Kind kind, char close);
  bool string();
  bool scalar(char first);
  /// What stands at `start`, without the white space in front of what follows it.
  std::string_view token(std::size_t start) const;
  Node* add(Kind kind, std::size_t offset);
  bool unescape(std::string_view raw, Node& node);

  std::string_view text_;
  const simdjson::internal::dom_parser_implementation& stage_;
  const std::uint32_t* next_;
  const std::uint32_t* end_;
  const bool has_escapes_;  // one search through the text instead of one through each of its strings
  Position position_;
  Document document_;
};

std::string_view Scan::token(std::size_t start) const {
  std::size_t behind = next_ == end_ ? text_.size() : *next_;
  while (white(text_[behind - 1])) --behind;  // ends at the token itself
  return text_.substr(start, behind - start);
}

Node* Scan::add(Kind kind, std::size_t offset) {
  if (document_.nodes.size() >= max_json_nodes) return nullptr;
  Node& node = document_.nodes.emplace_back();
  node.kind = kind;
  node.line = static_cast<std::uint32_t>(offset);
  node.column = Node::not_located;
  return &node;
}

/// Rare: room for all that simdjson may write, which is up to its padding more than the string.
bool Scan::unescape(std::string_view raw, Node& node) {
  std::string padded{raw};
  padded += '"';
  padded.append(simdjson::SIMDJSON_PADDING, ' ');
  std::string room(padded.size() + simdjson::SIMDJSON_PADDING, '\0');
  auto* const start = reinterpret_cast<std::uint8_t*>(room.data());
  const auto* const end = stage_.parse_string(reinterpret_cast<const std::uint8_t*>(padded.data()), start);
  if (end == nullptr) return false;
  const std::string_view kept = document_.keep({room.data(), static_cast<std::size_t>(end - start)});
  node.data = kept.data();
  node.size = static_cast<std::uint32_t>(kept.size());
  return true;
}

bool Scan::string() {
  const std::size_t start = *next_++;
  const std::string_view quoted = token(start);
  if (quoted.size() < 2 || quoted.back() != '"') return false;
  Node* node = add(Kind::quoted, start);
  if (node == nullptr) return false;
  const std::string_view raw = quoted.substr(1, quoted.size() - 2);
  if (has_escapes_ && raw.find('\\') != raw.npos) return unescape(raw, *node);
  node->data = raw.data();
  node->size = static_cast<std::uint32_t>(raw.size());
  return true;
}

bool Scan::scalar(char first) {
  const std::size_t start = *next_++;
  const std::string_view text = token(start);
  const bool null = text == "null";
  // Other numbers are left to the other reader: no key of a topology takes one.
  const bool known = first == 't' ? text == "true" : first == 'f' ? text == "false" : null || integer(text);
  Node* node = known ? add(null ? Kind::null : Kind::plain, start) : nullptr;
  if (node == nullptr) return false;
  if (null) return true;
  node->data = text.data();
  node->size = static_cast<std::uint32_t>(text.size());
  return true;
}

bool Scan::container(std::size_t depth, Kind kind, char close) {
  if (depth >= max_depth) return false;
  const std::size_t index = document_.nodes.size();
  const std::size_t offset = *next_++;
  Node* const opened = add(kind, offset);
  if (opened == nullptr) return false;
  if (kind == Kind::mapping) {  // objects of the topology keep their place, so it is asked for anyhow
    const Location location = position_.at(offset);
    opened->line = static_cast<std::uint32_t>(location.line);
    opened->column = static_cast<std::uint32_t>(location.column) & 0xFFFFFFF;
  }
  std::uint32_t count = 0;
  if (!take(close)) {
    do {
      ++count;
      if (kind == Kind::mapping && !(here() == '"' && string() && take(':'))) return false;
      if (!value(depth + 1)) return false;
    } while (take(','));
    if (!take(close)) return false;
  }
  Node& closed = document_.nodes[index];
  closed.span = static_cast<std::uint32_t>(document_.nodes.size() - index);
  if (kind == Kind::sequence) closed.size = count;
  return true;
}

bool Scan::value(std::size_t depth) {
  switch (const char first = here()) {
    case '{': return container(depth, Kind::mapping, '}');
    case '[': return container(depth, Kind::sequence, ']');
    case '"': return string();
    case '\0': return false;
    default: return scalar(first);
  }
}

}  // namespace

std::optional<Document> scan_json(std::string_view text) {
  const FirstStage stage = first_stage(text);
  if (stage == nullptr) return std::nullopt;
  Scan scan{text, *stage};
  if (!scan.run()) return std::nullopt;
  return scan.document();
}

}  // namespace pgpassage::document
