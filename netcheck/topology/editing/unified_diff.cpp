#include <fmt/format.h>

#include <algorithm>

#include "netcheck/topology/editing/rewrite.hpp"

namespace pgpassage::editing {
namespace {

constexpr std::size_t context = 3;

using Lines = std::vector<std::string_view>;  // each with its line end

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// `old_count` lines from `old_start` become `new_count` lines from `new_start`.
struct Change {
  std::size_t old_start, old_count, new_start, new_count;
};

/// Looks, behind a difference, for the nearest place where both texts go on alike for a few lines: the changes of a
/// fix are few and short, so nothing cleverer is needed. What is found is a difference in any case, only not always
/// the shortest.
std::pair<std::size_t, std::size_t> next_match(const Lines& a, std::size_t i, const Lines& b, std::size_t j) {
  constexpr std::size_t alike = 3;
  const auto agree = [&](std::size_t x, std::size_t y) {
    for (std::size_t k = 0; k < alike; ++k) {
      if (x + k == a.size() && y + k == b.size()) return true;
      if (x + k >= a.size() || y + k >= b.size() || a[x + k] != b[y + k]) return false;
    }
    return true;
  };
  const std::size_t most = (a.size() - i) + (b.size() - j);
  for (std::size_t distance = 1; distance < most; ++distance)
    for (std::size_t skipped = 0; skipped <= distance; ++skipped) {
      const std::size_t x = i + skipped, y = j + distance - skipped;
      if (x <= a.size() && y <= b.size() && agree(x, y)) return {x, y};
    }
  return {a.size(), b.size()};
}

std::vector<Change> changes_between(const Lines& a, const Lines& b) {
  std::vector<Change> changes;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    const auto [x, y] = next_match(a, i, b, j);
    changes.push_back({i, x - i, j, y - j});
    i = x, j = y;
  }
  return changes;
}

void add_line(std::string& text, char sign, std::string_view line) {
  text += sign;
  text += line;
  if (!line.ends_with('\n')) text += "\n\\ No newline at end of file\n";
}

/// An empty range is named by the line before it.
std::string range(std::size_t start, std::size_t count) {
  const std::size_t first = count == 0 ? start : start + 1;
  return count == 1 ? fmt::format("{}", first) : fmt::format("{},{}", first, count);
}

/// The changes from `first` up to `last`, whose contexts touch.
std::string hunk(const Lines& a, const Lines& b, const Change* first, const Change* last) {
  const std::size_t lead = std::min(context, first->old_start);
  const std::size_t old_start = first->old_start - lead;
  const std::size_t old_end = std::min(a.size(), last->old_start + last->old_count + context);
  std::string body;
  std::size_t at = old_start, new_count = 0;
  const auto keep_until = [&](std::size_t end) {
    for (; at < end; ++at, ++new_count) add_line(body, ' ', a[at]);
  };
  for (const Change* change = first; change <= last; ++change) {
    keep_until(change->old_start);
    for (std::size_t k = 0; k < change->old_count; ++k) add_line(body, '-', a[at++]);
    for (std::size_t k = 0; k < change->new_count; ++k, ++new_count) add_line(body, '+', b[change->new_start + k]);
  }
  keep_until(old_end);
  return fmt::format("@@ -{} +{} @@\n{}", range(old_start, old_end - old_start),
                     range(first->new_start - lead, new_count), body);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view path) {
  const Lines a = lines_of(before), b = lines_of(after);
  const std::vector<Change> changes = changes_between(a, b);
  if (changes.empty()) return {};
  std::string text = fmt::format("--- {}\n+++ {}\n", path, path);
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;
    while (last + 1 < changes.size() &&
           changes[last + 1].old_start <= changes[last].old_start + changes[last].old_count + 2 * context)
      ++last;
    text += hunk(a, b, &changes[first], &changes[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace pgpassage::editing
