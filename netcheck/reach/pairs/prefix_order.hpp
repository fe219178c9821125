#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "netcheck/base/address.hpp"

namespace pgpassage::netcheck {

/// Half-open: [first, last).
struct IndexRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  bool empty() const { return first >= last; }
  bool operator==(const IndexRange&) const = default;
};

/// Prefixes sorted as operator<=> of Cidr does: by family and first address, the wider before the narrower. Prefixes
/// either nest or are apart, so everything inside one is one range, and everything around it one chain.
class PrefixOrder {
 public:
  PrefixOrder() = default;
  /// `prefixes` are sorted; they may repeat.
  explicit PrefixOrder(const std::vector<Cidr>& prefixes);

  /// The prefixes that are equal to `prefix` or inside it.
  IndexRange inside(const Cidr& prefix) const;

  /// Calls `visit(index)` for each prefix that is wider than `prefix` and holds it, the narrowest first.
  template <class Visit>
  void around(const Cidr& prefix, Visit visit) const {
    const Key key = key_of(prefix);
    for (std::uint32_t next = inside(prefix).first; next != 0; next = parents_[next - 1])
      if (keys_[next - 1] != key && prefixes_[next - 1].contains(prefix)) visit(next - 1);
  }

  const std::vector<Cidr>& prefixes() const { return prefixes_; }

 private:
  struct Key {
    IpAddress::Family family = IpAddress::Family::ipv4;
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    int length = 0;

    auto operator<=>(const Key&) const = default;
  };
  static Key key_of(const Cidr& prefix);

  std::vector<Cidr> prefixes_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> parents_;  // one more than the index of the nearest prefix around each; 0: none
};

}  // namespace pgpassage::netcheck
