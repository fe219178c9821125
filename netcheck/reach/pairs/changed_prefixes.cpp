#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "netcheck/reach/pairs/prefixes_of.hpp"
#include "netcheck/reach/pairs/reach_diff.hpp"

namespace pgpassage::netcheck {
namespace {

void add(const NetworkSecurityGroup& group, std::vector<Cidr>& prefixes) { add_prefixes(group.rules, prefixes); }

void add(const RouteTable& table, std::vector<Cidr>& prefixes) {
  for (const Route& route : table.routes) add_prefixes({route.prefix}, prefixes);
}

void add(const ServiceTag& tag, std::vector<Cidr>& prefixes) {
  prefixes.insert(prefixes.end(), tag.prefixes.begin(), tag.prefixes.end());
}

void add(const Site& site, std::vector<Cidr>& prefixes) { add_prefixes(site, prefixes); }
void add(const VirtualNetworkGateway& gateway, std::vector<Cidr>& prefixes) { add_prefixes(gateway, prefixes); }
void add(const Server& server, std::vector<Cidr>& prefixes) { add_prefixes(server, prefixes); }

bool same(const NetworkSecurityGroup& one, const NetworkSecurityGroup& other);
bool same(const RouteTable& one, const RouteTable& other);
bool same(const ServiceTag& one, const ServiceTag& other);
bool same(const NetworkAcl& one, const NetworkAcl& other);
bool same(const Site& one, const Site& other);
bool same(const VirtualNetworkGateway& one, const VirtualNetworkGateway& other);
bool same(const Server& one, const Server& other);
bool same(const RuleCollection& one, const RuleCollection& other);
bool same(const SecurityAdminConfiguration& one, const SecurityAdminConfiguration& other);

// Lines move when a file is edited; what stands there may be the same.
template <class T>
bool same(T one, T other) {
  one.location = other.location = {};
  return one == other;
}
template <class T>
bool same(const std::vector<T>& one, const std::vector<T>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const T& a, const T& b) { return same(a, b); });
}
template <class T>
bool same(const std::optional<std::vector<T>>& one, const std::optional<std::vector<T>>& other) {
  return one.has_value() == other.has_value() && (!one || same(*one, *other));
}
bool same(const NetworkSecurityGroup& one, const NetworkSecurityGroup& other) { return same(one.rules, other.rules); }
bool same(const RouteTable& one, const RouteTable& other) {
  return one.disable_bgp_route_propagation == other.disable_bgp_route_propagation && same(one.routes, other.routes);
}
bool same(const ServiceTag& one, const ServiceTag& other) { return one.prefixes == other.prefixes; }
bool same(const NetworkAcl& one, const NetworkAcl& other) {
  return one.is_default == other.is_default && one.associations == other.associations &&
         same(one.entries, other.entries);
}
bool same(const Site& one, const Site& other) {
  return one.address_prefixes == other.address_prefixes && one.routes == other.routes &&
         same(one.firewall_rules, other.firewall_rules) && same(one.network_acls, other.network_acls);
}
bool same(const VirtualNetworkGateway& one, const VirtualNetworkGateway& other) {
  return one.virtual_network == other.virtual_network && one.type == other.type &&
         same(one.connections, other.connections);
}
bool same(const Server& one, const Server& other) { return same(one.authorized_networks, other.authorized_networks); }
bool same(const RuleCollection& one, const RuleCollection& other) {
  return one.applies_to_groups == other.applies_to_groups && same(one.rules, other.rules);
}
bool same(const SecurityAdminConfiguration& one, const SecurityAdminConfiguration& other) {
  return same(one.rule_collections, other.rule_collections);
}

template <class T>
void add_changed(const std::vector<T>& before, const std::vector<T>& after, std::vector<Cidr>& prefixes) {
  std::unordered_map<std::string_view, const T*> old;
  for (const T& object : before) old.emplace(object.name, &object);
  for (const T& object : after) {
    const auto known = old.find(object.name);
    if (known != old.end() && same(*known->second, object)) {
      old.erase(known);
      continue;
    }
    add(object, prefixes);
  }
  for (const auto& [name, object] : old) add(*object, prefixes);
}

/// A subnet that is given another group or table is decided by all of that.
template <class T>
void add_exchanged(const Topology& topology, const T* (*find)(const Topology&, std::string_view),
                   const std::string& name, std::vector<Cidr>& prefixes) {
  if (const T* object = name.empty() ? nullptr : find(topology, name)) add(*object, prefixes);
}

struct Dress {
  std::string group;
  std::string table;
  std::vector<std::string> application_groups;

  bool operator==(const Dress&) const = default;
};

std::unordered_map<std::string, Dress> dresses_of(const Topology& topology) {
  std::unordered_map<std::string, Dress> dresses;
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets)
      dresses.emplace(network.name + "/" + subnet.name, Dress{subnet.network_security_group, subnet.route_table, {}});
  for (const Server& server : topology.servers)
    dresses.emplace("server " + server.name,
                    Dress{server.network_security_group, {}, server.application_security_groups});
  for (const Host& host : topology.hosts)
    dresses.emplace("host " + host.name, Dress{host.network_security_group, {}, host.application_security_groups});
  return dresses;
}

bool names_one(const std::vector<std::string>& groups, const std::vector<std::string>& of) {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const std::string& group) { return std::find(of.begin(), of.end(), group) != of.end(); });
}

/// A machine that joins or leaves an application security group is decided by the rules that name it, wherever they
/// stand: their other side may tell addresses apart.
void add_rules_naming(const Topology& topology, const std::vector<std::string>& groups, std::vector<Cidr>& prefixes) {
  if (groups.empty()) return;
  for (const NetworkSecurityGroup& group : topology.network_security_groups)
    for (const SecurityRule& rule : group.rules)
      if (names_one(rule.source_groups, groups) || names_one(rule.destination_groups, groups)) {
        add_prefixes(rule.source_prefixes, prefixes);
        add_prefixes(rule.destination_prefixes, prefixes);
      }
}

void add_dress(const Topology& topology, const Dress& dress, std::vector<Cidr>& prefixes) {
  add_exchanged(topology, find_network_security_group, dress.group, prefixes);
  add_exchanged(topology, find_route_table, dress.table, prefixes);
}

// A machine that only one of the files has is decided by all that it wears there.
void add_changed_dresses(const Topology& before, const Topology& after, std::vector<Cidr>& prefixes) {
  const auto old = dresses_of(before), now = dresses_of(after);
  auto names = now;
  names.insert(old.begin(), old.end());
  const auto worn = [](const auto& dresses, const std::string& name) {
    const auto known = dresses.find(name);
    return known == dresses.end() ? Dress{} : known->second;
  };
  for (const auto& [name, any] : names) {
    const Dress former = worn(old, name), dress = worn(now, name);
    if (former == dress) continue;
    add_dress(before, former, prefixes);
    add_dress(after, dress, prefixes);
    if (former.application_groups == dress.application_groups) continue;
    for (const Topology* topology : {&before, &after})
      for (const Dress* one : {&former, &dress}) add_rules_naming(*topology, one->application_groups, prefixes);
  }
}

// The order of configurations and the members of groups decide as well, so that any change concerns all rules.
void add_changed_admin_rules(const Topology& before, const Topology& after, std::vector<Cidr>& prefixes) {
  if (same(before.security_admin_configurations, after.security_admin_configurations) &&
      same(before.network_groups, after.network_groups))
    return;
  for (const Topology* topology : {&before, &after})
    for (const SecurityAdminConfiguration& configuration : topology->security_admin_configurations)
      add_prefixes(configuration, prefixes);
}

}  // namespace

std::vector<Cidr> changed_prefixes(const Topology& before, const Topology& after) {
  std::vector<Cidr> prefixes;
  add_changed(before.network_security_groups, after.network_security_groups, prefixes);
  add_changed(before.route_tables, after.route_tables, prefixes);
  add_changed(before.service_tags, after.service_tags, prefixes);
  add_changed(before.sites, after.sites, prefixes);
  add_changed(before.virtual_network_gateways, after.virtual_network_gateways, prefixes);
  add_changed(before.servers, after.servers, prefixes);
  add_changed_admin_rules(before, after, prefixes);
  add_changed_dresses(before, after, prefixes);
  std::sort(prefixes.begin(), prefixes.end());
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  return prefixes;
}

}  // namespace pgpassage::netcheck
