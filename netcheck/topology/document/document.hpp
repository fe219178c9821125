#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "netcheck/base/location.hpp"
#include "netcheck/topology/reader.hpp"

/// YAML or JSON text as one tree of values, each with its place in the text. Knows nothing of topologies.
namespace pgpassage::document {

inline constexpr std::size_t max_text_bytes = std::size_t{64} << 20;        ///< of YAML
inline constexpr std::size_t max_json_text_bytes = std::size_t{512} << 20;  ///< of JSON, as importers write it
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_nodes = 8'000'000;        ///< keys and values of YAML, after aliases are expanded
inline constexpr std::size_t max_json_nodes = 32'000'000;  ///< keys and values of JSON

/// `plain` is what only its letters type: a JSON number or boolean, any unquoted YAML scalar. `quoted` is a string.
enum class Kind : std::uint8_t { null, plain, quoted, sequence, mapping };

/// One value. A tree is an array in the order of the text: what is in a value follows it, `span` nodes with itself.
/// A mapping holds key, value, key, value. An alias is a copy of what it names, placed where the alias stands.
struct Node {
  const char* data = nullptr;
  std::uint32_t size = 0;  ///< bytes of a scalar's text, elements of a sequence
  std::uint32_t span = 1;
  std::uint32_t line = 1;         ///< the byte's offset while the column is `not_located`
  std::uint32_t column : 28 = 1;  ///< Document::location_of() knows both
  Kind kind : 4 = Kind::null;

  std::string_view text() const { return {data, data == nullptr ? 0 : size}; }  ///< of a scalar; empty for others
  bool scalar() const { return kind == Kind::plain || kind == Kind::quoted; }
  static constexpr std::uint32_t not_located = 0;
  const Node* begin() const { return this + 1; }
  const Node* end() const { return this + span; }
  const Node* after() const { return this + span; }  ///< the next value of the same parent
};

/// The value of `key` in a mapping; null when there is none.
const Node* value_of(const Node& mapping, std::string_view key);
/// The number of elements of a sequence, or of keys and values of a mapping.
std::size_t size_of(const Node& parent);
/// Counts the values right inside a sequence or mapping: for those who build the tree.
std::uint32_t children_of(const Node& parent);

/// Tells line and column of any byte offset of a text. Columns count characters, not bytes. The first question reads
/// the whole text, the others a few kilobytes of it.
class PlaceIndex {
 public:
  explicit PlaceIndex(std::string_view text = {}) : text_{text} {}
  Location at(std::size_t offset) const;

 private:
  std::string_view text_;
  mutable std::vector<Location> marks_;  // of every so many bytes; made when first needed
};

/// A read text. `nodes` is never empty; the scalars' text lies in `texts` or in the text that was read, which must
/// outlive the document.
struct Document {
  std::vector<Node> nodes;
  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts = std::make_unique<std::pmr::monotonic_buffer_resource>();

  PlaceIndex places;  ///< of a text whose nodes keep offsets

  const Node& root() const { return nodes.front(); }
  Location location_of(const Node& node) const {
    if (node.column == Node::not_located) return places.at(node.line);
    return {static_cast<int>(node.line), static_cast<int>(node.column)};
  }
  std::string_view keep(std::string_view text);  ///< a copy that lives as long as the document
};

/// Reads one document. The error is the first of the syntax, or the limit that was passed.
tl::expected<Document, Diagnostic> read_yaml(std::string_view text);
tl::expected<Document, Diagnostic> read_json(std::string_view text);

/// Walks forward through a text and tells line and column of byte offsets. Columns count characters, not bytes.
class Position {
 public:
  explicit Position(std::string_view text) : text_{text} {}
  /// Begins at an offset whose location is known.
  Position(std::string_view text, std::size_t offset, Location location)
      : text_{text}, offset_{offset}, location_{location} {}
  Location at(std::size_t offset);  ///< offsets must not decrease from call to call

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Location location_{1, 1};
};

/// Offset of a character that is given by its number from 0; the end of the text when it has no so many.
std::size_t offset_of_character(std::string_view text, std::size_t number);

/// " at 'targt: [a'": what stands at an offset, to the end of its line, for the message about it. Empty at the end of
/// a line, and where a password may stand nearby.
std::string shown_at(std::string_view text, std::size_t offset);

/// Offset of the first byte that is no UTF-8, or npos.
std::size_t invalid_utf8_at(std::string_view text);

}  // namespace pgpassage::document
