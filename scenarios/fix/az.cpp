#include "scenarios/fix/az.hpp"

#include <algorithm>
#include <cctype>

namespace pgpassage::scenarios::fix {

std::string word(std::string_view text) {
  constexpr std::string_view harmless = "-_./:@%+,=";
  const bool bare = !text.empty() && std::ranges::all_of(text, [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || harmless.find(c) != harmless.npos;
  });
  if (bare) return std::string{text};
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string words(const std::vector<Cidr>& prefixes) {
  std::string text;
  for (const Cidr& prefix : prefixes) text += (text.empty() ? "" : " ") + prefix.to_string();
  return text;
}

std::string name_from(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string name{text.substr(0, longest)};
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_'; }, '-');
  return name;
}

}  // namespace pgpassage::scenarios::fix
