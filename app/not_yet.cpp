#include "app/not_yet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pgpassage::app {
namespace {

struct Later {
  ContractWord kind;
  std::string_view word;
};

constexpr std::array later{
    Later{ContractWord::command, "cutover"},
    Later{ContractWord::command, "fallback"},
};

}  // namespace

std::optional<std::string> not_in_this_version(ContractWord kind, std::string_view word) {
  const bool known =
      std::ranges::any_of(later, [&](const Later& entry) { return entry.kind == kind && entry.word == word; });
  if (!known) return std::nullopt;
  const char* what = kind == ContractWord::command ? "command" : "option";
  return fmt::format("{} '{}' is not in this version", what, word);
}

}  // namespace pgpassage::app
