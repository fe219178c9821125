#include "netcheck/topology/document/json_scan.hpp"

#include <algorithm>
#include <string>

#include "netcheck/topology/document/json.hpp"

namespace pgpassage::document {
namespace {

constexpr std::size_t max_integer_digits = 15;  // which every reader of JSON keeps exactly

bool white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > max_integer_digits || (text.front() == '0' && text.size() > 1)) return false;
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return true;
}

}  // namespace

bool Stretch::has_room_for(std::size_t bytes) {
  if (stage_ != nullptr) return bytes <= stage_->capacity() || stage_->set_capacity(bytes) == simdjson::SUCCESS;
  const auto* simd = simdjson::get_active_implementation().operator->();
  return simd->create_dom_parser_implementation(bytes, max_depth, stage_) == simdjson::SUCCESS;
}

bool Stretch::look_at(std::string_view text, std::size_t start, std::size_t bytes) {
  const std::size_t rest = text.size() - start;
  const std::size_t last = rest <= bytes ? text.npos : text.find('}', start + bytes);
  start_ = start;
  text_ = text.substr(start, last == text.npos ? rest : last + 1 - start);
  const auto* first = reinterpret_cast<const std::uint8_t*>(text_.data());
  if (!has_room_for(text_.size()) ||
      stage_->stage1(first, text_.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS)
    return false;
  tokens_ = {stage_->structural_indexes.get(), stage_->n_structural_indexes};
  return true;
}

void Stretch::end_before(const std::uint32_t& token) {
  text_ = text_.substr(0, token);
  tokens_ = tokens_.first(static_cast<std::size_t>(&token - tokens_.data()));
}

Scan::Scan(const Stretch& stretch, Position place, Document& into)
    : stretch_{stretch}, place_{place}, document_{into}, has_escapes_{stretch.text().find('\\') != std::string::npos} {}

std::string_view Scan::take_token() {
  const std::string_view text = stretch_.text();
  const std::size_t start = stretch_.tokens()[next_++];
  std::size_t behind = ended() ? text.size() : stretch_.tokens()[next_];
  while (white(text[behind - 1])) --behind;  // ends at the token itself
  return text.substr(start, behind - start);
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
  const auto* const end = stretch_.stage().parse_string(reinterpret_cast<const std::uint8_t*>(padded.data()), start);
  if (end == nullptr) return false;
  const std::string_view kept = document_.keep({room.data(), static_cast<std::size_t>(end - start)});
  node.data = kept.data();
  node.size = static_cast<std::uint32_t>(kept.size());
  return true;
}

bool Scan::string() {
  const std::size_t start = offset();
  const std::string_view quoted = take_token();
  if (quoted.size() < 2 || quoted.back() != '"') return false;
  Node* node = add(Kind::quoted, start);
  if (node == nullptr) return false;
  const std::string_view raw = quoted.substr(1, quoted.size() - 2);
  if (has_escapes_ && raw.find('\\') != raw.npos) return unescape(raw, *node);
  node->data = raw.data();
  node->size = static_cast<std::uint32_t>(raw.size());
  return true;
}

bool Scan::key() { return here() == '"' && string() && take(':'); }

bool Scan::scalar(char first) {
  const std::size_t start = offset();
  const std::string_view text = take_token();
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

bool Scan::elements(std::size_t depth, std::uint32_t& count) {
  do {
    ++count;
    if (!value(depth)) return false;
  } while (take(','));
  return true;
}

Node* Scan::open(Kind kind) {
  const std::size_t at = offset();
  Node* const opened = add(kind, at);
  ++next_;
  if (opened != nullptr &&
      kind == Kind::mapping) {  // objects of the topology keep their place, so it is asked for anyhow
    const Location location = place_.at(at);
    opened->line = static_cast<std::uint32_t>(location.line);
    opened->column = static_cast<std::uint32_t>(location.column) & 0xFFFFFFF;
  }
  return opened;
}

bool Scan::container(std::size_t depth, Kind kind, char close_with) {
  const std::size_t index = document_.nodes.size();
  if (depth >= max_depth || open(kind) == nullptr) return false;
  std::uint32_t count = 0;
  if (!take(close_with)) {
    if (kind == Kind::sequence) {
      if (!elements(depth + 1, count)) return false;
    } else {
      do {
        if (!key() || !value(depth + 1)) return false;
      } while (take(','));
    }
    if (!take(close_with)) return false;
  }
  close(document_, index, count);
  return true;
}

void close(Document& document, std::size_t index, std::uint32_t elements) {
  Node& closed = document.nodes[index];
  closed.span = static_cast<std::uint32_t>(document.nodes.size() - index);
  if (closed.kind == Kind::sequence) closed.size = elements;
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

std::optional<Document> scan_json(std::string_view text) {
  Stretch stretch;
  if (!stretch.look_at(text, 0, text.size())) return std::nullopt;
  Document document;
  document.places = PlaceIndex{text};
  document.nodes.reserve(std::min(stretch.tokens().size() / 2 + 16, max_json_nodes));
  Scan scan{stretch, Position{text}, document};
  if (scan.here() != '{' || !scan.value(0) || !scan.ended()) return std::nullopt;
  return document;
}

}  // namespace pgpassage::document
