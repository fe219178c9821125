#include <fmt/format.h>
#include <simdjson.h>

#include "netcheck/topology/document/json.hpp"

namespace pgpassage::document {
namespace {

using simdjson::ondemand::json_type;

/// Builds the tree in one pass, of texts that json_scan.cpp does not take: most have an error, and this finds it.
/// simdjson checks a value when it is read, so every one is.
class Tree {
 public:
  Tree(std::string_view text, simdjson::ondemand::document& source, const char* padded)
      : text_{text}, source_{source}, padded_{padded}, position_{text} {
    document_.nodes.reserve(std::min(text.size() / 8 + 16, max_json_nodes));
  }

  /// Adds a value with all that it holds. False: `error` says why not.
  template <class Value>
  bool add(Value& value, std::size_t depth);
  bool fail(std::size_t offset, std::string message);
  /// `where` null: where simdjson stands.
  bool fail(simdjson::error_code code, const char* where);
  /// Finds the bracket that has no other; simdjson says only that there is one.
  bool fail_unbalanced();

  Diagnostic error;
  bool failed() const { return !error.message.empty(); }
  Document document() { return std::move(document_); }

 private:
  Node* add_node(Kind kind, std::size_t offset);
  bool add_object(simdjson::ondemand::object object, std::size_t depth);
  bool add_array(simdjson::ondemand::array array, std::size_t depth);
  template <class Value>
  bool add_scalar(Value& value, json_type type, std::string_view token);
  std::string_view shared(std::string_view unescaped, std::size_t offset);
  std::size_t offset_of(const char* at) const { return static_cast<std::size_t>(at - padded_); }
  void close(std::size_t index) {
    Node& node = document_.nodes[index];
    node.span = static_cast<std::uint32_t>(document_.nodes.size() - index);
    if (node.kind == Kind::sequence) node.size = children_of(node);
  }

  std::string_view text_;
  simdjson::ondemand::document& source_;
  const char* padded_;  // where simdjson's copy of the text begins
  Position position_;
  Document document_;
};

bool Tree::fail(std::size_t offset, std::string message) {
  if (failed()) return false;
  error.location = Position{text_}.at(offset);  // a new one: the place may lie before the last node
  error.message = std::move(message);
  return false;
}

bool Tree::fail(simdjson::error_code code, const char* where) {
  if (where == nullptr && source_.current_location().get(where)) where = padded_ + text_.size();
  const std::size_t offset = offset_of(where);
  switch (code) {
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return fail(0, "the file needs more memory than there is");
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return fail_unbalanced();
    case simdjson::DEPTH_ERROR: return fail(offset, fmt::format("values are nested more than {} deep", max_depth));
    default:
      if (offset >= text_.size()) return fail(offset, "not valid JSON: the text ends too early");
      return fail(offset, fmt::format("not valid JSON{}: {}", shown_at(text_, offset), simdjson::error_message(code)));
  }
}

bool Tree::fail_unbalanced() {
  std::vector<std::size_t> open;  // offsets
  bool quoted = false;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const char c = text_[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' || c == '[') {
      if (open.size() >= max_depth) return fail(simdjson::DEPTH_ERROR, padded_ + i);
      open.push_back(i);
    } else if (c == '}' || c == ']') {
      if (open.empty() || text_[open.back()] != (c == '}' ? '{' : '['))
        return fail(i, fmt::format("not valid JSON: the {} closes no {}", c, c == '}' ? '{' : '['));
      open.pop_back();
    }
  }
  if (open.empty()) return fail(text_.size(), "not valid JSON: text follows the topology");
  const Location start = Position{text_}.at(open.back());
  return fail(text_.size(), fmt::format("not valid JSON: the text ends too early, the {} of line {}, column {} is open",
                                        text_[open.back()], start.line, start.column));
}

Node* Tree::add_node(Kind kind, std::size_t offset) {
  if (document_.nodes.size() >= max_json_nodes) {
    fail(offset, fmt::format("the file holds more than {} values", max_json_nodes));
    return nullptr;
  }
  const Location location = position_.at(offset);
  Node& node = document_.nodes.emplace_back();
  node.kind = kind;
  node.line = static_cast<std::uint32_t>(location.line);
  node.column = static_cast<std::uint32_t>(location.column) & 0xFFFFFFF;
  return &node;
}

/// The string in the text itself where it holds no escapes, else a copy.
std::string_view Tree::shared(std::string_view unescaped, std::size_t offset) {
  const std::string_view same = text_.substr(std::min(offset, text_.size())).substr(0, unescaped.size());
  return same == unescaped ? same : document_.keep(unescaped);
}

template <class Value>
bool Tree::add_scalar(Value& value, json_type type, std::string_view token) {
  const std::size_t offset = offset_of(token.data());
  const auto take = [&](Kind kind, std::string_view text) {
    Node* node = add_node(kind, offset);
    if (node == nullptr) return false;
    node->data = text.data();
    node->size = static_cast<std::uint32_t>(text.size());
    return true;
  };
  simdjson::error_code code = simdjson::SUCCESS;
  if (type == json_type::string) {
    std::string_view unescaped;
    if ((code = value.get_string().get(unescaped))) return fail(code, token.data());
    return take(Kind::quoted, shared(unescaped, offset + 1));
  }
  if (type == json_type::null) {
    bool null = false;
    if ((code = value.is_null().get(null)) || !null) return fail(code ? code : simdjson::N_ATOM_ERROR, token.data());
    return take(Kind::null, {});
  }
  bool boolean = false;
  double number = 0;
  code = type == json_type::boolean ? value.get_bool().get(boolean) : value.get_double().get(number);
  if (code) return fail(code, token.data());
  const std::size_t length = std::min(token.find_last_not_of(" \t\r\n") + 1, token.size());
  return take(Kind::plain, text_.substr(offset, length));
}

bool Tree::add_array(simdjson::ondemand::array array, std::size_t depth) {
  for (auto element : array) {
    simdjson::ondemand::value value;
    if (const auto code = element.get(value)) return fail(code, nullptr);
    if (!add(value, depth)) return false;
  }
  return true;
}

bool Tree::add_object(simdjson::ondemand::object object, std::size_t depth) {
  for (auto entry : object) {
    simdjson::ondemand::field field;
    if (const auto code = std::move(entry).get(field)) return fail(code, nullptr);
    const std::size_t offset = offset_of(field.key().raw());
    std::string_view key;
    if (const auto code = field.unescaped_key().get(key)) return fail(code, field.key().raw() - 1);
    Node* node = add_node(Kind::quoted, offset - 1);
    if (node == nullptr) return false;
    const std::string_view kept = shared(key, offset);
    node->data = kept.data();
    node->size = static_cast<std::uint32_t>(kept.size());
    simdjson::ondemand::value value = field.value();
    if (!add(value, depth)) return false;
  }
  return true;
}

template <class Value>
bool Tree::add(Value& value, std::size_t depth) {
  simdjson::simdjson_result<std::string_view> raw{value.raw_json_token()};  // the root's may fail, the others' not
  std::string_view token;
  if (const auto code = std::move(raw).get(token)) return fail(code, nullptr);
  json_type type{};
  if (const auto code = value.type().get(type)) return fail(code, token.data());
  if (type != json_type::object && type != json_type::array) return add_scalar(value, type, token);
  if (depth >= max_depth)
    return fail(offset_of(token.data()), fmt::format("values are nested more than {} deep", max_depth));
  const std::size_t index = document_.nodes.size();
  if (add_node(type == json_type::object ? Kind::mapping : Kind::sequence, offset_of(token.data())) == nullptr)
    return false;
  if (type == json_type::object) {
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object)) return fail(code, nullptr);
    if (!add_object(object, depth + 1)) return false;
  } else {
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array)) return fail(code, nullptr);
    if (!add_array(array, depth + 1)) return false;
  }
  close(index);
  return true;
}

/// What simdjson finds before it walks has no place of its own.
Diagnostic text_error(simdjson::error_code code, std::string_view text) {
  if (const std::size_t at = invalid_utf8_at(text); at != text.npos)
    return {Position{text}.at(at), "the file is not text: it holds a byte that is not UTF-8",
            "save the topology as UTF-8"};
  bool quoted = false;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
      opened = i;
    } else if (quoted && static_cast<unsigned char>(text[i]) < 0x20) {
      return {Position{text}.at(i), "not valid JSON: a string holds a line break or another control character",
              "close the string before the end of the line"};
    }
  }
  if (quoted)
    return {Position{text}.at(opened),
            fmt::format("not valid JSON{}: the string that starts here is not closed", shown_at(text, opened)),
            {}};
  return {{1, 1}, fmt::format("not valid JSON: {}", simdjson::error_message(code)), {}};
}

}  // namespace

tl::expected<Document, Diagnostic> parse_json(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    return tl::unexpected(
        Diagnostic{{1, 1}, "the file is empty", "a topology starts with {\"apiVersion\": \"pgpassage/v1\""});
  const simdjson::padded_string padded{text};
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document source;
  if (const auto code = parser.iterate(padded).get(source)) return tl::unexpected(text_error(code, text));
  Tree tree{text, source, padded.data()};
  bool scalar = true;
  if (const auto code = source.is_scalar().get(scalar)) {
    tree.fail(code, nullptr);
  } else if (scalar) {
    tree.fail(text.find_first_not_of(" \t\r\n"), "a topology in JSON is an object");
  } else if (tree.add(source, 0)) {
    const char* rest = nullptr;
    if (!source.current_location().get(rest))
      tree.fail(static_cast<std::size_t>(rest - padded.data()), "not valid JSON: more text follows the topology");
  }
  if (tree.failed()) return tl::unexpected(tree.error);
  return tree.document();
}

tl::expected<Document, Diagnostic> read_json(std::string_view text) {
  if (auto document = scan_json(text)) return *std::move(document);
  return parse_json(text);
}

}  // namespace pgpassage::document
