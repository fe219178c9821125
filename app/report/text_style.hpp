#pragma once

#include <string>
#include <string_view>
#include <vector>

/// How text is laid out for a person: width, colour, symbols, and what is done about hostile names. Pure.
namespace pgpassage::app {

/// What the reader's terminal can show. The default is a plain file: no colour, ASCII symbols, 80 columns.
struct TextStyle {
  bool color = false;
  bool unicode = false;  ///< symbols such as ✓; else words and ASCII alone
  int width = 80;        ///< columns
};

/// What a piece of text means. Colour and symbol follow from it, and a word always stands beside them.
enum class Tone { plain, good, bad, caution, unsure, quiet, strong };

/// `text` in the colour of `tone`; unchanged without colour. `text` must not contain line ends.
std::string paint(const TextStyle& style, Tone tone, std::string_view text);

/// The same for text of several lines.
std::string paint_lines(const TextStyle& style, Tone tone, std::string_view text);

/// ✓ ✗ ! ? · or their ASCII stand-ins, one column wide, not painted.
std::string_view symbol(const TextStyle& style, Tone tone);

/// `text` made safe to show: control characters, escape sequences, bidirectional overrides, invisible characters and
/// invalid UTF-8 become \n, \x1b, \u202e; line ends too. Everything else stays as it is.
std::string printable(std::string_view text);

/// `text` as valid UTF-8: every invalid byte becomes U+FFFD. For JSON, which escapes control characters itself.
std::string valid_utf8(std::string_view text);

/// What stands between the separators, without what is empty there: lines, words. Refers into `text`.
std::vector<std::string_view> pieces_of(std::string_view text, char separator);

/// Columns that `text` takes: wide East Asian characters count two, combining marks none.
int display_width(std::string_view text);

/// `text`, made printable and broken at spaces to `style.width`; every line after the first begins with `indent`
/// spaces. The first line is expected to begin at column `indent`. A word that is longer than a line is broken after
/// one of "/-.,:" where it has one, between characters otherwise. No line end at the end.
std::string wrap(const TextStyle& style, int indent, std::string_view text);

/// "label  text", the label padded to column `indent` and the text wrapped behind it, with a line end.
std::string labelled(const TextStyle& style, int indent, std::string_view label, std::string_view text);

}  // namespace pgpassage::app
