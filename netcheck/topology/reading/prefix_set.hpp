#pragma once

#include <vector>

#include "netcheck/base/address.hpp"

namespace pgpassage::reading {

/// Prefixes that are asked often what they cover: each answer takes the logarithm of their number.
class PrefixSet {
 public:
  explicit PrefixSet(std::vector<Cidr> prefixes = {});

  /// The widest prefix that holds all of `prefix`; null when none does. Lives as long as the set.
  const Cidr* covering(const Cidr& prefix) const;
  const Cidr* covering(const IpAddress& address) const { return covering(Cidr{address}); }
  /// A prefix that has an address with `prefix` in common; null when none has.
  const Cidr* overlapping(const Cidr& prefix) const;
  /// One of the other's prefixes that has an address with a prefix of this set in common; null when none has.
  const Cidr* shared_with(const PrefixSet& other) const;

  bool empty() const { return widest_.empty(); }
  const Cidr& first() const { return widest_.front(); }  ///< the one with the lowest address; of a set not empty

 private:
  std::vector<Cidr> widest_;  // in order of address; what lies in another is left out, so no two overlap
};

}  // namespace pgpassage::reading
