#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netcheck/lint/cover.hpp"
#include "netcheck/topology/topology.hpp"

/// The rules of one network security group as boxes: protocol x source x source port x destination x destination port.
namespace pgpassage::netcheck::lint {

/// A rule twice, because a service tag is not always known. `matches` holds everything that the rule may match, with
/// a point of its own for each tag and application security group; `covers()` only what it surely matches. For a rule
/// that names addresses alone the two are the same box.
struct RuleBoxes {
  Box matches;
  std::optional<Box> surely;  ///< where it differs

  const Box& covers() const { return surely ? *surely : matches; }
};

/// The coordinates of a group: addresses are numbered by the ends of the prefixes that its rules name.
///
/// What is known of tags: `*` holds everything but Azure's platform addresses, which only rules with their tags
/// concern (azure-facts 2.1.12); a tag listed in `serviceTags:` holds its addresses; a tag holds its
/// regions; Internet holds every tag whose addresses are all public, and the public addresses outside
/// `virtual_network`; VirtualNetwork holds `virtual_network` and every application security group. Nothing else is
/// assumed, so a rule may be covered without being found, never the other way round.
class RuleSpace {
 public:
  /// `virtual_network`: prefixes that the tag VirtualNetwork holds wherever the group is used. The group, the topology
  /// and the prefixes must outlive the space.
  RuleSpace(const Topology& topology, const NetworkSecurityGroup& nsg, std::span<const Cidr> virtual_network);

  RuleBoxes boxes_of(const SecurityRule& rule) const;

  /// Addresses that the group's rules can tell apart, as a set of coordinates.
  Intervals addresses(std::span<const Cidr> prefixes) const;

 private:
  void add_boundaries(std::span<const Cidr> prefixes);
  std::uint32_t coordinate_of(const IpAddress& address, bool behind) const;
  std::uint32_t point_of(const std::string& symbol) const;

  Box box_of(const SecurityRule& rule, bool surely) const;
  Intervals side(const std::vector<AddressPrefix>& entries, const std::vector<std::string>& groups, bool surely) const;
  void add_tag(Intervals& set, const std::string& tag, bool surely) const;
  void add_tag_surely(Intervals& set, const std::string& tag) const;

  const Topology& topology_;
  std::span<const Cidr> virtual_network_;
  Intervals everything_;
  std::vector<IpAddress> starts_;     ///< the first address of each coordinate, in order
  std::vector<std::string> symbols_;  ///< tags and application security groups with a point of their own, in order
  Intervals public_;                  ///< public addresses outside the virtual network; only when a rule says Internet
};

}  // namespace pgpassage::netcheck::lint
