#include "netcheck/reach/pairs/prefix_order.hpp"

#include <algorithm>

namespace pgpassage::netcheck {
namespace {

std::uint64_t eight_bytes(const std::array<std::uint8_t, 16>& bytes, std::size_t from) {
  std::uint64_t value = 0;
  for (std::size_t i = from; i < from + 8; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

PrefixOrder::Key PrefixOrder::key_of(const Cidr& prefix) {
  const auto& bytes = prefix.address().bytes();
  return {prefix.address().family(), eight_bytes(bytes, 0), eight_bytes(bytes, 8), prefix.length()};
}

PrefixOrder::PrefixOrder(const std::vector<Cidr>& prefixes) : prefixes_{prefixes} {
  keys_.reserve(prefixes.size());
  parents_.reserve(prefixes.size());
  for (const Cidr& prefix : prefixes) {
    std::uint32_t parent = static_cast<std::uint32_t>(keys_.size());
    while (parent != 0 && !prefixes_[parent - 1].contains(prefix)) parent = parents_[parent - 1];
    keys_.push_back(key_of(prefix));
    parents_.push_back(parent);
  }
}

IndexRange PrefixOrder::inside(const Cidr& prefix) const {
  const auto index = [&](auto position) { return static_cast<std::uint32_t>(position - keys_.begin()); };
  const auto first = std::lower_bound(keys_.begin(), keys_.end(), key_of(prefix));
  Key beyond = key_of(Cidr{prefix.last()});
  beyond.length += 1;
  return {index(first), index(std::lower_bound(first, keys_.end(), beyond))};
}

}  // namespace pgpassage::netcheck
