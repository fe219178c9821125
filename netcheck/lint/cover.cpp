#include "netcheck/lint/cover.hpp"

#include <algorithm>
#include <vector>

namespace pgpassage::netcheck::lint {
namespace {

using Covers = std::vector<const Box*>;

/// A coordinate of some dimension that no cover has is a point outside all of them.
bool misses_a_coordinate(const Box& box, const Covers& covers) {
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
    Intervals together;
    for (const Box* cover : covers) {
      const Intervals& part = (*cover)[dimension];
      if (contains(part, box[dimension])) {
        together = box[dimension];
        break;
      }
      together.insert(together.end(), part.begin(), part.end());
    }
    if (!contains(normalized(std::move(together)), box[dimension])) return true;
  }
  return false;
}

/// The cover that leaves the fewest pieces beside it.
Covers::iterator widest(const Box& box, Covers& covers) {
  return std::ranges::max_element(covers, {}, [&](const Box* cover) {
    int held = 0;
    for (std::size_t dimension = 0; dimension < dimensions; ++dimension)
      held += contains((*cover)[dimension], box[dimension]) ? 1 : 0;
    return held;
  });
}

class Search {
 public:
  explicit Search(int most_steps) : steps_left_{most_steps} {}

  bool covered(Box box, std::span<const Box* const> candidates) {
    if (--steps_left_ < 0) return false;
    Covers covers;
    for (const Box* candidate : candidates) {
      if (!overlap(*candidate, box)) continue;
      if (contains(*candidate, box)) return true;
      covers.push_back(candidate);
    }
    if (covers.empty() || misses_a_coordinate(box, covers)) return false;
    const auto found = widest(box, covers);
    const Box& cover = **found;
    covers.erase(found);
    for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
      if (contains(cover[dimension], box[dimension])) continue;
      Box beside = box;
      beside[dimension] = difference(box[dimension], cover[dimension]);
      if (!covered(std::move(beside), covers)) return false;
      box[dimension] = intersection(box[dimension], cover[dimension]);
    }
    return true;
  }

  bool gave_up() const { return steps_left_ < 0; }

 private:
  int steps_left_;
};

}  // namespace

Intervals normalized(Intervals intervals) {
  std::ranges::sort(intervals);
  Intervals result;
  for (const Interval& next : intervals) {
    if (next.first >= next.end) continue;
    if (!result.empty() && next.first <= result.back().end)
      result.back().end = std::max(result.back().end, next.end);
    else
      result.push_back(next);
  }
  return result;
}

Intervals intersection(const Intervals& one, const Intervals& other) {
  Intervals result;
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end();) {
    const Interval shared{std::max(a->first, b->first), std::min(a->end, b->end)};
    if (shared.first < shared.end) result.push_back(shared);
    (a->end < b->end ? a : b)++;
  }
  return result;
}

Intervals difference(const Intervals& one, const Intervals& other) {
  Intervals result;
  auto cut = other.begin();
  for (Interval rest : one) {
    while (cut != other.end() && cut->end <= rest.first) ++cut;
    for (auto next = cut; next != other.end() && next->first < rest.end; ++next) {
      if (rest.first < next->first) result.push_back({rest.first, next->first});
      rest.first = std::max(rest.first, next->end);
    }
    if (rest.first < rest.end) result.push_back(rest);
  }
  return result;
}

bool overlap(const Intervals& one, const Intervals& other) {
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end();) {
    if (a->first < b->end && b->first < a->end) return true;
    (a->end < b->end ? a : b)++;
  }
  return false;
}

bool contains(const Intervals& outer, const Intervals& inner) {
  auto around = outer.begin();
  for (const Interval& part : inner) {
    while (around != outer.end() && around->end < part.end) ++around;
    if (around == outer.end() || part.first < around->first) return false;
  }
  return true;
}

bool empty(const Box& box) { return std::ranges::any_of(box, &Intervals::empty); }

bool overlap(const Box& one, const Box& other) {
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension)
    if (!overlap(one[dimension], other[dimension])) return false;
  return true;
}

bool contains(const Box& outer, const Box& inner) {
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension)
    if (!contains(outer[dimension], inner[dimension])) return false;
  return true;
}

Box intersection(const Box& one, const Box& other) {
  Box result;
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension)
    result[dimension] = intersection(one[dimension], other[dimension]);
  return result;
}

std::optional<bool> covered(const Box& box, std::span<const Box* const> covers, int most_steps) {
  if (empty(box)) return true;
  Search search{most_steps};
  const bool result = search.covered(box, covers);
  if (search.gave_up()) return std::nullopt;
  return result;
}

}  // namespace pgpassage::netcheck::lint
