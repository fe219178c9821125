#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/error.hpp"

/// Names of objects, and psql's patterns for them (PostgreSQL documentation, psql, "Patterns"). Pure.
namespace pgpassage::migrate {

/// An object's name in its schema, without quotes.
struct QualifiedName {
  std::string schema;
  std::string name;
};

/// Of a name as SQL quotes it: `public."Odd.Name"`.
QualifiedName qualified_name(std::string_view quoted);

/// `*` is any run of characters, `?` any one, a dot parts schema and name, letters are folded to lower case; inside
/// double quotes everything stands for itself. psql's other signs of regular expressions are no signs here.
class Pattern {
 public:
  /// Errc::input for what is no pattern: an unfinished quote, an empty or a third part.
  static Result<Pattern> of(std::string_view text);

  /// Of a schema, or of anything else with one name only: the pattern's last part alone counts.
  bool matches(std::string_view name) const { return whole(parts_.back(), name); }
  /// Without a schema of its own it matches in every schema.
  bool matches(const QualifiedName& object) const;
  const std::string& text() const { return text_; }

 private:
  struct Sign {
    enum class Kind : std::uint8_t { letter, any_letter, any_run } kind = Kind::letter;
    char letter = 0;
  };
  using Signs = std::vector<Sign>;

  static bool whole(const Signs& signs, std::string_view name);

  std::string text_;
  std::vector<Signs> parts_;  // a name, or a schema and a name
};

}  // namespace pgpassage::migrate
