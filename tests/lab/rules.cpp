#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tests/lab/compile.hpp"

namespace pgpassage::lab {
namespace {

constexpr std::size_t longest_comment = 127;  // NFTNL_UDATA_COMMENT_MAXLEN without the terminator

std::string set_of(const std::vector<Cidr>& prefixes) {
  std::vector<std::string> texts;
  for (const Cidr& prefix : disjoint(prefixes)) texts.push_back(prefix.to_string());
  return texts.empty() ? std::string{} : fmt::format("{{ {} }}", fmt::join(texts, ", "));
}

/// One side of a rule. Each text is one way to match it; none means that nothing can match.
class Side {
 public:
  Side(const Topology& topology, const Layout& layout, std::string_view field, std::string_view tag_set, Notes& notes)
      : topology_(topology), layout_(layout), field_(field), tag_set_(tag_set), notes_(notes) {}

  std::vector<std::string> matches(const std::vector<AddressPrefix>& prefixes, const std::vector<std::string>& groups,
                                   std::string_view rule) {
    if (prefixes.empty() && groups.empty()) return {""};
    std::vector<Cidr> addresses = members(groups);
    for (const AddressPrefix& prefix : prefixes) {
      if (prefix.cidr)
        addresses.push_back(*prefix.cidr);
      else if (prefix.tag == "*")
        return {""};
      else
        add_tag(prefix.tag, rule, addresses);
    }
    if (const std::string set = set_of(addresses); !set.empty())
      texts_.push_back(fmt::format("ip {} {} ", field_, set));
    return texts_;
  }

 private:
  std::vector<Cidr> members(const std::vector<std::string>& groups) const {
    std::vector<Cidr> result;
    for (const Nic& nic : layout_.nics)
      for (const std::string& group : nic.application_security_groups)
        if (std::ranges::find(groups, group) != groups.end()) result.emplace_back(nic.address);
    return result;
  }

  void add_tag(const std::string& tag, std::string_view rule, std::vector<Cidr>& addresses) {
    if (tag == "VirtualNetwork" && !tag_set_.empty())
      texts_.push_back(fmt::format("ip {} @{} ", field_, tag_set_));
    else if (tag == "Internet")
      texts_.push_back(tag_set_.empty() ? fmt::format("ip {} != @not_public ", field_)
                                        : fmt::format("ip {0} != @not_public ip {0} != @{1} ", field_, tag_set_));
    else if (tag == "AzureLoadBalancer")
      addresses.emplace_back(*IpAddress::parse(azure_dns));
    else if (const ServiceTag* known = find_service_tag(topology_, tag))
      addresses.insert(addresses.end(), known->prefixes.begin(), known->prefixes.end());
    else if (!tag.starts_with("AzurePlatform"))  // those never cross the fabric's forward chain
      notes_.push_back(fmt::format("{}: the addresses of service tag {} are not in the file", rule, tag));
  }

  const Topology& topology_;
  const Layout& layout_;
  std::string_view field_;
  std::string_view tag_set_;
  Notes& notes_;
  std::vector<std::string> texts_;
};

bool every_port(const std::vector<PortRange>& ports) {
  return ports.empty() || std::ranges::any_of(ports, [](const PortRange& one) { return one == PortRange{}; });
}

/// nft refuses overlapping ranges in one set.
std::vector<PortRange> merged(std::vector<PortRange> ports) {
  std::ranges::sort(ports, {}, &PortRange::first);
  std::vector<PortRange> result;
  for (const PortRange& one : ports) {
    if (!result.empty() && one.first <= result.back().last)
      result.back().last = std::max(result.back().last, one.last);
    else
      result.push_back(one);
  }
  return result;
}

std::string port_match(std::string_view field, const std::vector<PortRange>& ports) {
  if (every_port(ports)) return {};
  std::vector<std::string> texts;
  for (const PortRange& one : merged(ports))
    texts.push_back(one.first == one.last ? fmt::format("{}", one.first) : fmt::format("{}-{}", one.first, one.last));
  return fmt::format("th {} {{ {} }} ", field, fmt::join(texts, ", "));
}

/// Ports exist in TCP and UDP only: a rule for any protocol that names ports speaks of those two.
std::string protocol_match(const SecurityRule& rule) {
  switch (rule.protocol) {
    case Protocol::tcp: return "meta l4proto tcp ";
    case Protocol::udp: return "meta l4proto udp ";
    case Protocol::icmp: return "meta l4proto icmp ";
    case Protocol::esp: return "meta l4proto esp ";
    case Protocol::ah: return "meta l4proto ah ";
    case Protocol::any: break;
  }
  const bool any_port = every_port(rule.source_ports) && every_port(rule.destination_ports);
  return any_port ? "" : "meta l4proto { tcp, udp } ";
}

bool has_ports(Protocol protocol) {
  return protocol == Protocol::tcp || protocol == Protocol::udp || protocol == Protocol::any;
}

}  // namespace

std::vector<std::string> rule_text(const Topology& topology, const Layout& layout, const SecurityRule& rule,
                                   std::string_view owner, std::string_view tag_set, Notes& not_raised) {
  const std::string comment =
      fmt::format("{}/{}/{}", safe(owner), safe(rule.name), rule.priority).substr(0, longest_comment);
  const auto sources =
      Side{topology, layout, "saddr", tag_set, not_raised}.matches(rule.source_prefixes, rule.source_groups, comment);
  const auto targets = Side{topology, layout, "daddr", tag_set, not_raised}.matches(rule.destination_prefixes,
                                                                                    rule.destination_groups, comment);
  const std::string ports = has_ports(rule.protocol)
                                ? port_match("sport", rule.source_ports) + port_match("dport", rule.destination_ports)
                                : std::string{};
  std::vector<std::string> result;
  for (const std::string& source : sources)
    for (const std::string& target : targets)
      // `return`, not `accept`: the other end's NSG still has its say.
      result.push_back(fmt::format("{}{}{}{}counter {} comment \"{}\"", source, target, protocol_match(rule), ports,
                                   rule.access == Access::allow ? "return" : "drop", comment));
  return result;
}

}  // namespace pgpassage::lab
