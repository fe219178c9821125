#include "netcheck/reach/states.hpp"

#include <algorithm>
#include <set>

namespace pgpassage::netcheck {
namespace {

std::set<std::string_view> members_of(const Topology& topology, const RuleCollection& collection) {
  std::set<std::string_view> members;
  for (const std::string& name : collection.applies_to_groups)
    if (const NetworkGroup* group = find_network_group(topology, name))
      members.insert(group->static_members.begin(), group->static_members.end());
  return members;
}

template <class Index>
typename Index::mapped_type found_in(const Index& index, std::string_view name) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace

EffectiveStates::EffectiveStates(const Topology& topology) : topology_{topology} {
  networks_.reserve(topology.virtual_networks.size());
  route_tables_.reserve(topology.route_tables.size());
  security_groups_.reserve(topology.network_security_groups.size());
  for (const VirtualNetwork& network : topology.virtual_networks) networks_.emplace(network.name, &network);
  for (const RouteTable& table : topology.route_tables) route_tables_.emplace(table.name, &table);
  for (const NetworkSecurityGroup& group : topology.network_security_groups)
    security_groups_.emplace(group.name, &group);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    endpoints_[endpoint.virtual_network].push_back(&endpoint);
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations) {
    std::unordered_map<std::string_view, std::vector<AppliedAdminRule>> added;
    for (const RuleCollection& collection : configuration.rule_collections)
      for (const std::string_view member : members_of(topology, collection))
        for (const AdminRule& rule : collection.rules) added[member].push_back({&configuration, &collection, &rule});
    for (auto& [member, rules] : added) {
      std::stable_sort(rules.begin(), rules.end(),
                       [](const auto& a, const auto& b) { return a.rule->priority < b.rule->priority; });
      auto& all = admin_rules_[member];
      all.insert(all.end(), rules.begin(), rules.end());
    }
  }
}

const SubnetState& EffectiveStates::of(const VirtualNetwork& network, const Subnet* subnet,
                                       UserRoutes user_routes) const {
  const Key key{&network, {subnet, user_routes}};
  auto found = states_.find(key);
  if (found == states_.end())
    found = states_.emplace(key, std::make_unique<SubnetState>(state_of(*this, network, subnet, user_routes))).first;
  return *found->second;
}

void EffectiveStates::compute_all() const {
  for (const VirtualNetwork& network : topology_.virtual_networks) {
    of(network, nullptr);
    for (const Subnet& subnet : network.subnets)
      for (const UserRoutes user_routes : {UserRoutes::apply, UserRoutes::ignore}) of(network, &subnet, user_routes);
  }
}

const std::vector<AppliedAdminRule>& EffectiveStates::admin_rules(const VirtualNetwork& network) const {
  static const std::vector<AppliedAdminRule> none;
  const auto found = admin_rules_.find(network.name);
  return found == admin_rules_.end() ? none : found->second;
}

const VirtualNetwork* EffectiveStates::network(std::string_view name) const { return found_in(networks_, name); }
const Subnet* EffectiveStates::subnet(std::string_view name, std::string_view subnet) const {
  const VirtualNetwork* holder = network(name);
  return holder == nullptr ? nullptr : find_subnet(*holder, subnet);
}
const RouteTable* EffectiveStates::route_table(std::string_view name) const { return found_in(route_tables_, name); }
const NetworkSecurityGroup* EffectiveStates::security_group(std::string_view name) const {
  return found_in(security_groups_, name);
}

const std::vector<const PrivateEndpoint*>& EffectiveStates::endpoints_in(const VirtualNetwork& network) const {
  static const std::vector<const PrivateEndpoint*> none;
  const auto found = endpoints_.find(network.name);
  return found == endpoints_.end() ? none : found->second;
}

}  // namespace pgpassage::netcheck
