#include "migrate/plan/pattern.hpp"

#include <cctype>
#include <cstdint>

namespace pgpassage::migrate {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Goes over a name or pattern with quotes: `letter(c, quoted)` for each character, `dot()` between parts. False when a
// quote does not end.
template <class Letter, class Dot>
bool walk(std::string_view text, Letter letter, Dot dot) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && text.substr(i + 1).starts_with('"')) {
      letter(text[++i], true);
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      dot();
    } else {
      letter(c, quoted);
    }
  }
  return !quoted;
}

tl::unexpected<Error> no_pattern(std::string_view text, std::string_view why) {
  return fail_with_cure(Errc::input, "write NAME or SCHEMA.NAME, with * and ? for what is open, \"...\" for the rest",
                        "'{}' is no pattern: {}", text, why);
}

}  // namespace

QualifiedName qualified_name(std::string_view quoted) {
  std::vector<std::string> parts{""};
  walk(
      quoted, [&](char c, bool) { parts.back() += c; }, [&] { parts.emplace_back(); });
  return parts.size() < 2 ? QualifiedName{"", parts.front()} : QualifiedName{parts[0], parts[1]};
}

Result<Pattern> Pattern::of(std::string_view text) {
  using Kind = Sign::Kind;
  Pattern pattern;
  pattern.text_ = text;
  pattern.parts_.emplace_back();
  const auto add = [&](char c, bool quoted) {
    const Kind kind = quoted ? Kind::letter : c == '*' ? Kind::any_run : c == '?' ? Kind::any_letter : Kind::letter;
    pattern.parts_.back().push_back({kind, quoted ? c : lower(c)});
  };
  if (!walk(text, add, [&] { pattern.parts_.emplace_back(); })) return no_pattern(text, "a quote does not end");
  if (pattern.parts_.size() > 2) return no_pattern(text, "it has more than a schema and a name");
  for (const Signs& part : pattern.parts_)
    if (part.empty()) return no_pattern(text, "a part of it is empty");
  return pattern;
}

// Of several runs, only where the last one ends has to be tried again.
bool Pattern::whole(const Signs& signs, std::string_view name) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t sign = 0, at = 0, run = none, run_at = 0;
  while (at < name.size()) {
    const bool there = sign < signs.size();
    if (there && signs[sign].kind == Sign::Kind::any_run) {
      run = sign++;
      run_at = at;
    } else if (there && (signs[sign].kind == Sign::Kind::any_letter || signs[sign].letter == name[at])) {
      ++sign;
      ++at;
    } else if (run != none) {
      sign = run + 1;
      at = ++run_at;
    } else {
      return false;
    }
  }
  while (sign < signs.size() && signs[sign].kind == Sign::Kind::any_run) ++sign;
  return sign == signs.size();
}

bool Pattern::matches(const QualifiedName& object) const {
  return whole(parts_.back(), object.name) && (parts_.size() < 2 || whole(parts_.front(), object.schema));
}

}  // namespace pgpassage::migrate
