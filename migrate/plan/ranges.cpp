#include "migrate/plan/ranges.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::migrate {
namespace {

// "a >= x AND a < y" between consecutive cuts, open at both ends.
template <class Cut>
std::vector<std::string> between(const std::string& what, const std::vector<Cut>& cuts) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    std::string condition;
    if (i > 0) condition = fmt::format("{} >= {}", what, cuts[i - 1]);
    if (i > 0 && i < cuts.size()) condition += " AND ";
    if (i < cuts.size()) condition += fmt::format("{} < {}", what, cuts[i]);
    result.push_back(std::move(condition));
  }
  return result;
}

}  // namespace

Cutting cutting_above(std::int64_t bytes) {
  constexpr std::int64_t least_bytes = 64 * 1024;
  return {.larger_than_bytes = bytes, .piece_bytes = std::max(bytes / 2, least_bytes), .always = true};
}

int piece_count(const CopyTable& table, std::int64_t all_bytes, unsigned jobs, Cutting cutting) {
  if (jobs < 2 || table.configuration || table.bytes < cutting.larger_than_bytes) return 1;
  const bool others_keep_busy = table.bytes < all_bytes / static_cast<std::int64_t>(jobs);
  if (others_keep_busy && !cutting.always) return 1;
  return static_cast<int>(std::clamp<std::int64_t>(table.bytes / cutting.piece_bytes, 1, 4 * std::int64_t{jobs}));
}

std::vector<std::string> ctid_ranges(std::int64_t pages, int pieces) {
  std::vector<std::string> cuts;
  for (int i = 1; i < pieces && i < pages; ++i)
    cuts.push_back(fmt::format("'({},0)'", pages * i / std::min<std::int64_t>(pieces, pages)));
  return between("ctid", cuts);
}

std::vector<std::string> key_ranges(const std::string& key, KeySpan span, int pieces) {
  std::vector<long long> cuts;
  const auto width = static_cast<unsigned long long>(span.largest) - static_cast<unsigned long long>(span.smallest);
  const auto count = std::min<unsigned long long>(static_cast<unsigned>(pieces), width);
  for (unsigned long long i = 1; i < count; ++i)
    cuts.push_back(static_cast<long long>(static_cast<unsigned long long>(span.smallest) + width / count * i));
  return between(key, cuts);
}

}  // namespace pgpassage::migrate
