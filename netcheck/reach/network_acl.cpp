#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/passes.hpp"

// Network ACLs of AWS: stateless, numbered, the first entry that matches decides, and the last one denies.
// Source: Amazon VPC User Guide, "Control subnet traffic with network access control lists"; azure-facts 2.13.
namespace pgpassage::netcheck {
namespace {

/// What one ACL says of one stretch of ports that every entry takes or leaves as a whole.
struct Verdict {
  Predicted predicted = Predicted::denied;
  const NetworkAclEntry* by = nullptr;  ///< null: the last rule, which every ACL has
};

bool speaks_of(const NetworkAclEntry& entry, const AclQuestion& question) {
  return entry.egress == question.egress && (entry.protocol == Protocol::any || entry.protocol == question.protocol);
}

Verdict verdict_on(const NetworkAcl& acl, const AclQuestion& question, const PortRange& stretch) {
  const NetworkAclEntry* possible = nullptr;
  bool may_allow = false, may_deny = false;
  const auto conclude = [&](Access access, const NetworkAclEntry* entry) -> Verdict {
    (access == Access::allow ? may_allow : may_deny) = true;
    if (may_allow && may_deny) return {Predicted::unknown, possible};
    return {access == Access::allow ? Predicted::allowed : Predicted::denied, entry};
  };
  for (const NetworkAclEntry& entry : acl.entries) {
    if (!speaks_of(entry, question) || !entry.port_range.contains(stretch.first)) continue;
    const Match match = lies_in(question.remote, {&entry.cidr_block, 1});
    if (match == Match::yes) return conclude(entry.rule_action, &entry);
    if (match == Match::no) continue;
    (entry.rule_action == Access::allow ? may_allow : may_deny) = true;
    if (possible == nullptr) possible = &entry;
  }
  return conclude(Access::deny, nullptr);
}

/// Cuts the ports where an entry begins or ends.
std::vector<PortRange> stretches(const NetworkAcl& acl, const AclQuestion& question) {
  std::set<int> starts{question.ports.first};
  for (const NetworkAclEntry& entry : acl.entries) {
    if (!speaks_of(entry, question)) continue;
    for (const int start : {int{entry.port_range.first}, entry.port_range.last + 1})
      if (start > question.ports.first && start <= question.ports.last) starts.insert(start);
  }
  std::vector<PortRange> result;
  for (auto start = starts.begin(); start != starts.end(); ++start) {
    const auto next = std::next(start);
    const int last = next == starts.end() ? int{question.ports.last} : *next - 1;
    result.push_back({static_cast<Port>(*start), static_cast<Port>(last)});
  }
  return result;
}

Hop acl_hop(const Site& site, const NetworkAcl& acl, const Verdict& verdict, const AclQuestion& question) {
  Hop hop;
  hop.at = site.name;
  hop.kind = HopKind::firewall;
  hop.decision = Decision::allow;
  hop.by = verdict.by == nullptr ? fmt::format("{}/{}/*", site.name, acl.name)
                                 : fmt::format("{}/{}/{}", site.name, acl.name, verdict.by->rule_number);
  hop.location = verdict.by == nullptr ? acl.location : verdict.by->location;
  hop.cause = pass::network_acl_entry;
  const char* direction = question.egress ? "out of" : "into";
  if (verdict.predicted == Predicted::denied) {
    hop.decision = Decision::deny;
    hop.cause = cause::network_acl_denies;
    hop.detail = fmt::format("{} denies {} {}-{} {} the subnet; a network ACL is stateless", hop.by,
                             name_of(question.protocol), question.ports.first, question.ports.last, direction);
  } else if (verdict.predicted == Predicted::unknown) {
    hop.decision = Decision::unknown;
    hop.cause = cause::network_acl_undecided;
    hop.detail = fmt::format("{} lets only a part of {} {}-{} {} the subnet, or depends on the exact address", hop.by,
                             name_of(question.protocol), question.ports.first, question.ports.last, direction);
  }
  return hop;
}

/// The client's port is any of the stretch: all must pass.
Hop hop_by(const Site& site, const NetworkAcl& acl, const AclQuestion& question) {
  std::optional<Verdict> whole;
  for (const PortRange& stretch : stretches(acl, question)) {
    const Verdict verdict = verdict_on(acl, question, stretch);
    if (!whole)
      whole = verdict;
    else if (whole->predicted != verdict.predicted)
      whole = Verdict{Predicted::unknown, whole->predicted == Predicted::denied ? whole->by : verdict.by};
  }
  return acl_hop(site, acl, *whole, question);
}

Hop not_described(const Site& site) {
  Hop hop;
  hop.at = site.name;
  hop.kind = HopKind::firewall;
  hop.decision = Decision::unknown;
  hop.by = fmt::format("{}/networkAcls", site.name);
  hop.location = site.location;
  hop.cause = cause::network_acl_not_described;
  hop.detail = "no network ACL is associated with the address, and none is the default";
  return hop;
}

}  // namespace

void filter_at_network_acl(Walk& walk, const Site& site, const AclQuestion& question) {
  if (!site.network_acls) return;
  std::vector<Hop> hops;
  std::vector<Cidr> covered;
  bool whole = false;
  for (const NetworkAcl& acl : *site.network_acls) {
    covered.insert(covered.end(), acl.associations.begin(), acl.associations.end());
    const Match match = lies_in(question.local, acl.associations);
    if (match == Match::no) continue;
    whole = whole || match == Match::yes;
    hops.push_back(hop_by(site, acl, question));
  }
  if (!whole && lies_in(question.local, covered) != Match::yes) {
    const auto fallback = std::find_if(site.network_acls->begin(), site.network_acls->end(),
                                       [](const NetworkAcl& acl) { return acl.is_default; });
    hops.push_back(fallback == site.network_acls->end() ? not_described(site) : hop_by(site, *fallback, question));
  }
  const bool agreed =
      std::all_of(hops.begin(), hops.end(), [&](const Hop& hop) { return hop.decision == hops.front().decision; });
  if (!agreed) {
    hops.front().decision = Decision::unknown;
    hops.front().cause = cause::network_acl_undecided;
    hops.front().detail = "which network ACL it is depends on the exact address";
  }
  add_hop(walk, std::move(hops.front()));
}

bool in_one_aws_subnet(const Site& site, const AddressSpan& one, const AddressSpan& other) {
  if (!site.network_acls) return false;
  for (const NetworkAcl& acl : *site.network_acls)
    for (const Cidr& subnet : acl.associations)
      if (lies_in(one, {&subnet, 1}) == Match::yes && lies_in(other, {&subnet, 1}) == Match::yes) return true;
  return false;
}

}  // namespace pgpassage::netcheck
