#include "netcheck/topology/reading/prefix_set.hpp"

#include <algorithm>

namespace pgpassage::reading {

PrefixSet::PrefixSet(std::vector<Cidr> prefixes) : widest_{std::move(prefixes)} {
  std::sort(widest_.begin(), widest_.end());  // what holds others comes before them
  std::size_t kept = 0;
  for (const Cidr& prefix : widest_)
    if (kept == 0 || !widest_[kept - 1].contains(prefix)) widest_[kept++] = prefix;
  widest_.resize(kept);
}

const Cidr* PrefixSet::covering(const Cidr& prefix) const {
  const auto behind = std::upper_bound(widest_.begin(), widest_.end(), prefix);
  if (behind == widest_.begin()) return nullptr;
  const Cidr& before = *std::prev(behind);
  return before.contains(prefix) ? &before : nullptr;
}

const Cidr* PrefixSet::overlapping(const Cidr& prefix) const {
  if (const Cidr* cover = covering(prefix)) return cover;
  const auto inside = std::lower_bound(widest_.begin(), widest_.end(), prefix);
  return inside != widest_.end() && prefix.contains(*inside) ? &*inside : nullptr;
}

const Cidr* PrefixSet::shared_with(const PrefixSet& other) const {
  if (other.widest_.size() <= widest_.size()) {
    for (const Cidr& prefix : other.widest_)
      if (overlapping(prefix) != nullptr) return &prefix;
    return nullptr;
  }
  for (const Cidr& prefix : widest_)
    if (const Cidr* shared = other.overlapping(prefix)) return shared;
  return nullptr;
}

}  // namespace pgpassage::reading
