#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/passes.hpp"

namespace pgpassage::netcheck {
namespace {

Hop firewall_hop(const Site& site, Decision decision, std::string by, Location location, const char* cause,
                 std::string detail) {
  return {Leg::there, site.name, HopKind::firewall, decision, std::move(by), location, cause, std::move(detail)};
}

bool speaks_of(const std::vector<SecurityRule>& rules, Direction direction) {
  return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) { return rule.direction == direction; });
}

// Nothing is said about the direction: what the kind of site does then.
Hop hop_without_rules(const Site& site, Direction direction) {
  if (direction == Direction::outbound && site.kind == SiteKind::aws)
    return firewall_hop(site, Decision::allow, fmt::format("{}/default outbound", site.name), site.location,
                        pass::firewall_default, "a security group lets everything out by default");
  if (direction == Direction::outbound && !site.firewall_rules->empty())
    return firewall_hop(site, Decision::unknown, fmt::format("{}/firewallRules", site.name), site.location,
                        cause::firewall_not_described, "no outbound rule of the site is given");
  return firewall_hop(site, Decision::deny, fmt::format("{}/default deny", site.name), site.location,
                      cause::firewall_denies,
                      fmt::format("no rule of {} admits {} traffic", site.name,
                                  direction == Direction::inbound ? "inbound" : "outbound"));
}

Hop hop_by(const Site& site, const SecurityRule& rule, const NsgFlow& flow) {
  const std::string by = fmt::format("{}/{}", site.name, rule.name);
  if (rule.access == Access::allow)
    return firewall_hop(site, Decision::allow, by, rule.location, pass::firewall_rule, "");
  return firewall_hop(site, Decision::deny, by, rule.location, cause::firewall_denies,
                      fmt::format("{} denies {} {}", by, name_of(flow.protocol), flow.port));
}

Hop hop_of(const Topology& topology, const Site& site, Direction direction, const NsgFlow& flow) {
  const SecurityRule* possible = nullptr;
  bool may_allow = false, may_deny = false;
  const SecurityRule* certain = nullptr;
  for (const SecurityRule& rule : *site.firewall_rules) {
    if (rule.direction != direction) continue;
    const Match match = matches(topology, rule, flow, {});
    if (match == Match::no) continue;
    (rule.access == Access::allow ? may_allow : may_deny) = true;
    // A security group has no Deny rules; one in the file is somebody's intention that nothing enforces.
    const bool enforced = site.kind != SiteKind::aws || rule.access == Access::allow;
    if (match == Match::yes && enforced) {
      certain = &rule;
      break;
    }
    if (possible == nullptr) possible = &rule;
  }
  if (certain == nullptr && site.kind != SiteKind::aws) may_deny = true;
  if (certain != nullptr && !(may_allow && may_deny)) return hop_by(site, *certain, flow);
  if (!may_allow)
    return firewall_hop(site, Decision::deny, fmt::format("{}/default deny", site.name), site.location,
                        cause::firewall_denies,
                        fmt::format("no rule of {} admits {} {}", site.name, name_of(flow.protocol), flow.port));
  return firewall_hop(site, Decision::unknown, fmt::format("{}/{}", site.name, possible->name), possible->location,
                      cause::firewall_undecided,
                      "whether the rule matches depends on an address the file does not give");
}

}  // namespace

void filter_at_site(Walk& walk, const Site& site, Direction direction, const NsgFlow& flow) {
  if (!site.firewall_rules) {
    add_hop(walk, firewall_hop(site, Decision::unknown, fmt::format("{}/firewallRules", site.name), site.location,
                               cause::firewall_not_described,
                               fmt::format("the filter of {} is not described (firewallRules)", site.name)));
  } else if (!speaks_of(*site.firewall_rules, direction)) {
    add_hop(walk, hop_without_rules(site, direction));
  } else {
    add_hop(walk, hop_of(walk.flow.topology, site, direction, flow));
  }
}

}  // namespace pgpassage::netcheck
