#include "netcheck/lint/rule_space.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include "netcheck/reach/match.hpp"
#include "netcheck/reach/tags.hpp"

namespace pgpassage::netcheck::lint {
namespace {

using boost::algorithm::iequals;

constexpr std::uint32_t all_protocols = 6;  // those of Protocol that are one, and any other
constexpr std::uint32_t port_count = 65536;
constexpr char group_mark = '@';  // no service tag begins with it

Intervals protocols(Protocol protocol) {
  if (protocol == Protocol::any) return {{0, all_protocols}};
  const auto number = static_cast<std::uint32_t>(protocol) - 1;
  return {{number, number + 1}};
}

Intervals ports(const std::vector<PortRange>& ranges) {
  Intervals set;
  for (const PortRange& range : ranges) set.push_back({range.first, static_cast<std::uint32_t>(range.last) + 1});
  return normalized(std::move(set));
}
static_assert(static_cast<int>(Protocol::any) == 0 && static_cast<int>(Protocol::ah) == all_protocols - 1);
static_assert(port_count == 1 + static_cast<std::uint32_t>(PortRange{}.last));

const ServiceTag* listed(const Topology& topology, const std::string& tag) {
  const auto found =
      std::ranges::find_if(topology.service_tags, [&](const ServiceTag& known) { return iequals(known.name, tag); });
  return found == topology.service_tags.end() ? nullptr : &*found;
}

/// "Storage.WestEurope" is a region of "Storage".
bool region_of(std::string_view tag, std::string_view family) {
  return tag.size() > family.size() && tag[family.size()] == '.' && boost::algorithm::istarts_with(tag, family);
}

bool of_platform(const std::string& symbol) { return symbol.starts_with("azureplatform"); }

void add(Intervals& set, const Intervals& more) { set.insert(set.end(), more.begin(), more.end()); }

bool is_group(const std::string& symbol) { return symbol.front() == group_mark; }

}  // namespace

RuleSpace::RuleSpace(const Topology& topology, const NetworkSecurityGroup& nsg, std::span<const Cidr> virtual_network)
    : topology_{topology}, virtual_network_{virtual_network} {
  bool internet = false;
  starts_ = {*IpAddress::parse("0.0.0.0"), *IpAddress::parse("::")};
  for (const SecurityRule& rule : nsg.rules)
    for (const auto* entries : {&rule.source_prefixes, &rule.destination_prefixes})
      for (const AddressPrefix& entry : *entries) {
        if (entry.cidr) {
          add_boundaries({&*entry.cidr, 1});
        } else if (const ServiceTag* known = listed(topology, entry.tag)) {
          add_boundaries(known->prefixes);
        } else if (entry.tag != "*") {
          symbols_.push_back(boost::algorithm::to_lower_copy(entry.tag));
          internet = internet || symbols_.back() == "internet";
        }
      }
  for (const SecurityRule& rule : nsg.rules)
    for (const auto* groups : {&rule.source_groups, &rule.destination_groups})
      for (const std::string& group : *groups) symbols_.push_back(group_mark + group);
  add_boundaries(virtual_network);
  if (internet) add_boundaries(private_prefixes());
  std::ranges::sort(starts_);
  starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  std::ranges::sort(symbols_);
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end()), symbols_.end());
  for (const std::string& symbol : symbols_)
    if (!of_platform(symbol)) everything_.push_back({point_of(symbol), point_of(symbol) + 1});
  everything_.push_back({0, static_cast<std::uint32_t>(starts_.size())});
  everything_ = normalized(std::move(everything_));
  if (!internet) return;
  const Intervals all{{0, static_cast<std::uint32_t>(starts_.size())}};
  public_ = difference(difference(all, addresses(private_prefixes())), addresses(virtual_network));
}

void RuleSpace::add_boundaries(std::span<const Cidr> prefixes) {
  for (const Cidr& prefix : prefixes) {
    starts_.push_back(prefix.first());
    if (const auto next = prefix.last().next()) starts_.push_back(*next);
  }
}

std::uint32_t RuleSpace::coordinate_of(const IpAddress& address, bool behind) const {
  const auto found = behind ? std::ranges::upper_bound(starts_, address) : std::ranges::lower_bound(starts_, address);
  return static_cast<std::uint32_t>(found - starts_.begin());
}

std::uint32_t RuleSpace::point_of(const std::string& symbol) const {
  return static_cast<std::uint32_t>(
      starts_.size() + static_cast<std::size_t>(std::ranges::lower_bound(symbols_, symbol) - symbols_.begin()));
}

Intervals RuleSpace::addresses(std::span<const Cidr> prefixes) const {
  Intervals set;
  for (const Cidr& prefix : prefixes)
    set.push_back({coordinate_of(prefix.first(), false), coordinate_of(prefix.last(), true)});
  return normalized(std::move(set));
}

void RuleSpace::add_tag_surely(Intervals& set, const std::string& tag) const {
  for (const ServiceTag& known : topology_.service_tags)
    if (region_of(known.name, tag)) add(set, addresses(known.prefixes));
  const bool internet = iequals(tag, "Internet");
  const bool network = iequals(tag, "VirtualNetwork");
  if (internet) add(set, public_);
  if (network) add(set, addresses(virtual_network_));
  for (const std::string& symbol : symbols_) {
    const bool holds = is_group(symbol) ? network : region_of(symbol, tag) || (internet && all_public(symbol));
    if (holds) set.push_back({point_of(symbol), point_of(symbol) + 1});
  }
}

void RuleSpace::add_tag(Intervals& set, const std::string& tag, bool surely) const {
  if (tag == "*") return add(set, everything_);
  if (const ServiceTag* known = listed(topology_, tag)) {
    return add(set, addresses(known->prefixes));
  }
  const std::uint32_t point = point_of(boost::algorithm::to_lower_copy(tag));
  set.push_back({point, point + 1});
  if (surely) add_tag_surely(set, tag);
}

Intervals RuleSpace::side(const std::vector<AddressPrefix>& entries, const std::vector<std::string>& groups,
                          bool surely) const {
  Intervals set;
  for (const AddressPrefix& entry : entries) {
    if (entry.cidr)
      set.push_back({coordinate_of(entry.cidr->first(), false), coordinate_of(entry.cidr->last(), true)});
    else
      add_tag(set, entry.tag, surely);
  }
  for (const std::string& group : groups) {
    const std::uint32_t point = point_of(group_mark + group);
    set.push_back({point, point + 1});
  }
  return normalized(std::move(set));
}

Box RuleSpace::box_of(const SecurityRule& rule, bool surely) const {
  return {protocols(rule.protocol), side(rule.source_prefixes, rule.source_groups, surely), ports(rule.source_ports),
          side(rule.destination_prefixes, rule.destination_groups, surely), ports(rule.destination_ports)};
}

RuleBoxes RuleSpace::boxes_of(const SecurityRule& rule) const {
  const auto by_address = [](const AddressPrefix& entry) { return entry.cidr || entry.tag == "*"; };
  const bool exact = std::ranges::all_of(rule.source_prefixes, by_address) &&
                     std::ranges::all_of(rule.destination_prefixes, by_address);
  RuleBoxes boxes{box_of(rule, false), std::nullopt};
  if (!exact) boxes.surely = box_of(rule, true);
  return boxes;
}

}  // namespace pgpassage::netcheck::lint
