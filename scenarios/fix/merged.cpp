#include <algorithm>

#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace {

void add(std::vector<Cidr>& prefixes, const std::vector<Cidr>& others) {
  for (const Cidr& prefix : others)
    if (std::ranges::find(prefixes, prefix) == prefixes.end()) prefixes.push_back(prefix);
}

/// Both at once; absent when one rule for both would let more through.
std::optional<Passing> joined(Passing one, const Passing& other) {
  if (one.port != other.port || one.protocol != other.protocol || one.destination_tag != other.destination_tag)
    return std::nullopt;
  if (one.sources == other.sources) {
    add(one.destinations, other.destinations);
    one.to += "-and-" + other.to;
    return one;
  }
  if (one.destinations != other.destinations) return std::nullopt;
  add(one.sources, other.sources);
  one.from += "-and-" + other.from;
  return one;
}

std::optional<Change> joined(const Topology& topology, const AddedRule& one, const AddedRule& other) {
  if (one.group != other.group || one.site != other.site || one.direction != other.direction ||
      one.before_rule != other.before_rule)
    return std::nullopt;
  const auto both = joined(one.passing, other.passing);
  if (!both) return std::nullopt;
  if (const Site* site = find_site(topology, one.site); site != nullptr && site->firewall_rules)
    return allow_at_site(*site, one.direction, one.before_rule, *both);
  const NetworkSecurityGroup* nsg = find_network_security_group(topology, one.group);
  if (nsg == nullptr) return std::nullopt;
  auto changes = allow_in_group(*nsg, one.direction, std::min(one.before, other.before), *both);
  return changes.empty() ? std::nullopt : std::optional{std::move(changes.front())};
}

std::optional<Change> joined(const Topology& topology, const AddedAclEntries& one, const AddedAclEntries& other) {
  AclPassing both = one.passing;
  both.remotes = other.passing.remotes;
  if (one.site != other.site || one.acl != other.acl || both != other.passing) return std::nullopt;
  both.remotes = one.passing.remotes;
  add(both.remotes, other.passing.remotes);
  const Site* site = find_site(topology, one.site);
  if (site == nullptr || !site->network_acls) return std::nullopt;
  const auto acl = std::ranges::find(*site->network_acls, one.acl, &NetworkAcl::name);
  return acl == site->network_acls->end() ? std::nullopt : allow_in_acl(*site, *acl, both);
}

struct CollectionAt {
  const SecurityAdminConfiguration* configuration = nullptr;
  const RuleCollection* collection = nullptr;
};

CollectionAt collection_of(const Topology& topology, const AddedAdminRule& added) {
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    for (const RuleCollection& collection : configuration.rule_collections)
      if (configuration.name == added.configuration && collection.name == added.collection)
        return {&configuration, &collection};
  return {};
}

std::optional<Change> joined(const Topology& topology, const AddedAdminRule& one, const AddedAdminRule& other) {
  const CollectionAt at = collection_of(topology, one);
  const CollectionAt at_other = collection_of(topology, other);
  const auto both = joined(one.passing, other.passing);
  if (at.collection == nullptr || at.collection != at_other.collection || !both) return std::nullopt;
  const auto rule_of = [&](const AddedAdminRule& added) {
    return std::ranges::find(at.collection->rules, added.before_rule, &AdminRule::name);
  };
  const auto first = rule_of(one), second = rule_of(other), none = at.collection->rules.end();
  if (first == none || second == none || first->direction != second->direction) return std::nullopt;
  return allow_in_admin_rules(*at.configuration, *at.collection, first->priority < second->priority ? *first : *second,
                              *both);
}

}  // namespace

std::optional<Change> merged(const Topology& topology, const Change& one, const Change& other) {
  return std::visit(
      [&](const auto& with) -> std::optional<Change> {
        using Kind = std::decay_t<decltype(with)>;
        if constexpr (!std::is_same_v<Kind, std::monostate>)
          if (const Kind* mine = std::get_if<Kind>(&one.added)) return joined(topology, *mine, with);
        return std::nullopt;
      },
      other.added);
}

}  // namespace pgpassage::scenarios::fix
