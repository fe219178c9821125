#include "app/report/text_style.hpp"

#include <gtest/gtest.h>

#include "app/report/shell_text.hpp"

namespace pgpassage::app {
namespace {

TEST(Printable, LeavesTheWordsOfEveryLanguageAlone) {
  for (const char* text : {"snet-runtime", "größe", "データベース", "naïve café", "emoji 🚚", ""})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, EscapesWhatCouldRuleATerminalOrForgeALine) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable(std::string_view{"a\0b", 3}), "a\\x00b");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");                                        // the one-character form of ESC [
  EXPECT_EQ(printable("abc\xe2\x80\xaegnp"), "abc\\u202egnp");  // right-to-left override
  EXPECT_EQ(printable("a\xe2\x80\x8bz"), "a\\u200bz");          // zero-width space
  EXPECT_EQ(printable("\xf3\xa0\x80\xa0"), "\\U000e0020");      // invisible tag character
}

TEST(Printable, EscapesInvalidUtf8ByteByByte) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(printable("caf\xc3"), "caf\\xc3");              // cut in the middle
}

TEST(ValidUtf8, ReplacesWhatIsNotAndKeepsControlCharacters) {
  EXPECT_EQ(valid_utf8("a\x1b\xff"
                       "b"),
            "a\x1b\xef\xbf\xbd"
            "b");
  EXPECT_EQ(valid_utf8("größe"), "größe");
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("größe"), 5);
  EXPECT_EQ(display_width("データ"), 6);
  EXPECT_EQ(display_width("e\xcc\x81"), 1);
  EXPECT_EQ(display_width(""), 0);
}

TEST(Wrap, BreaksAtSpacesAndIndentsWhatFollows) {
  const TextStyle narrow{.width = 24};
  EXPECT_EQ(wrap(narrow, 4, "one two three four five six"), "one two three four\n    five six");
}

TEST(Wrap, BreaksALongNameBehindItsPunctuation) {
  const TextStyle narrow{.width = 24};
  EXPECT_EQ(wrap(narrow, 4, "nsg-of-the-runtime-server/deny-all-out"), "nsg-of-the-runtime-\n    server/deny-all-out");
}

TEST(Wrap, BreaksBetweenCharactersWhereNothingElseIsLeft) {
  const TextStyle narrow{.width = 20};
  EXPECT_EQ(wrap(narrow, 0, std::string(45, 'x')),
            std::string(20, 'x') + "\n" + std::string(20, 'x') + "\n" + std::string(5, 'x'));
  const std::string wide = wrap(narrow, 0, "データベースサーバーの名前です");
  for (std::size_t start = 0; start < wide.size();) {
    const std::size_t end = std::min(wide.find('\n', start), wide.size());
    EXPECT_LE(display_width(wide.substr(start, end - start)), 20);
    EXPECT_EQ(printable(wide.substr(start, end - start)), wide.substr(start, end - start));
    start = end + 1;
  }
}

TEST(Paint, WithoutColourChangesNothing) {
  EXPECT_EQ(paint({}, Tone::bad, "denied"), "denied");
  EXPECT_EQ(paint({.color = true}, Tone::bad, "denied"), "\x1b[31mdenied\x1b[0m");
  EXPECT_EQ(paint({.color = true}, Tone::plain, "denied"), "denied");
}

TEST(ShellLines, CanBeCopiedIntoAShell) {
  EXPECT_EQ(shell_lines({.width = 50}, 4, "az network nsg rule create --name 'a --b c' --priority 100"),
            "az network nsg rule create --name 'a --b c' \\\n    --priority 100");
  EXPECT_EQ(shell_lines({}, 4, "az login"), "az login");
}

}  // namespace
}  // namespace pgpassage::app
