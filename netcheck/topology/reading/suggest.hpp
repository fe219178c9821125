#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Helps for messages about a text that is wrong.
namespace pgpassage::reading {

/// The text in single quotes, fit for a terminal and a log: at most 60 characters, control characters escaped,
/// and nothing of it where it could hold a password.
std::string quoted(std::string_view text);

/// A URI with user:password@, or a connection string with password=.
bool holds_password(std::string_view text);
/// A key that asks for a secret: password, adminPassword, pwd, secret...
bool asks_for_password(std::string_view key);

/// The text speaks of a secret: a key of that kind, or a line that has one.
bool mentions_password(std::string_view text);

std::string lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// The key or kind that engineers' abbreviation stands for: nsg, vnet, asg, udr, pe, dns...; empty when it is none.
/// "nsgName", "vnet-name" and plurals count too.
std::string_view spelled_out(std::string_view abbreviation);

/// Finds the likely one among candidates: the closest by Damerau-Levenshtein distance, when it is close enough to be
/// meant. Case does not count as a difference.
class Suggestion {
 public:
  explicit Suggestion(std::string_view wrong);
  void consider(std::string_view candidate);
  std::string_view best() const { return best_; }  ///< empty when none is close; lives as long as the candidates

 private:
  std::string wrong_;
  std::string_view best_;
  std::size_t distance_;  // only what is nearer is taken
};

}  // namespace pgpassage::reading
