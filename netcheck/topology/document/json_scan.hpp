#pragma once

#include <simdjson.h>

#include <memory>
#include <span>

#include "netcheck/topology/document/document.hpp"

/// The fast way through JSON that has no error: what simdjson's first stage found, walked once. The first stage, which
/// simdjson keeps apart for its own two parsers, tells the offset of every bracket, colon, comma, string and scalar,
/// and checks UTF-8, quotes and control characters inside strings; so a string ends at the last quote before the next
/// offset, and no byte of it is looked at again. simdjson's on-demand parser (json_document.cpp) needs a padded copy of
/// the text and copies every string.
namespace pgpassage::document {

/// A part of a text and where its tokens begin. Looking at one part after the other needs the memory of one.
class Stretch {
 public:
  using Tokens = std::span<const std::uint32_t>;  ///< offsets in the stretch

  /// Looks at the text from `start`, which lies outside strings, to behind the first '}' that is at least `bytes`
  /// further, or to the end. False: the first stage finds an error, which may be that it ends inside a string.
  bool look_at(std::string_view text, std::size_t start, std::size_t bytes);
  /// Leaves out this token, one of tokens(), and all behind it.
  void end_before(const std::uint32_t& token);

  std::string_view text() const { return text_; }
  std::size_t start() const { return start_; }  ///< in the whole text
  Tokens tokens() const { return tokens_; }
  const simdjson::internal::dom_parser_implementation& stage() const { return *stage_; }

 private:
  bool has_room_for(std::size_t bytes);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  std::string_view text_;
  std::size_t start_ = 0;
  Tokens tokens_;
};

/// Adds the values of a stretch to a document. Whatever is not what it reads, it says false to: the text is no JSON, is
/// nested too deep, has too many values, or has a number that only the careful reader knows.
class Scan {
 public:
  /// All must outlive the scan. `place` is asked in the order of the whole text.
  Scan(const Stretch& stretch, Position place, Document& into);

  bool ended() const { return next_ == stretch_.tokens().size(); }
  char here() const { return ended() ? '\0' : stretch_.text()[stretch_.tokens()[next_]]; }
  std::size_t offset() const { return stretch_.start() + stretch_.tokens()[next_]; }  ///< of the next token
  bool take(char c) { return here() == c && (++next_, true); }

  bool value(std::size_t depth);
  /// A string, which stands next, with the colon of a key.
  bool key();
  /// Values with commas between them.
  bool elements(std::size_t depth, std::uint32_t& count);
  /// A list or object without what is in it. Null when there is no room.
  Node* open(Kind kind);

 private:
  bool container(std::size_t depth, Kind kind, char close);
  bool string();
  bool scalar(char first);
  /// What stands next, without the white space in front of what follows it.
  std::string_view take_token();
  Node* add(Kind kind, std::size_t offset);
  bool unescape(std::string_view raw, Node& node);

  const Stretch& stretch_;
  Position place_;
  Document& document_;
  std::size_t next_ = 0;    // of the tokens
  const bool has_escapes_;  // one search through the text instead of one through each of its strings
};

/// Says how much of the document is in the list or object at `index`, the last one to be opened.
void close(Document& document, std::size_t index, std::uint32_t elements);

}  // namespace pgpassage::document
