#pragma once

#include <random>

#include "tests/netcheck/reach/network.hpp"

/// Random networks for properties that must hold of every file: hubs with spokes of a few forms, so that many nodes are
/// alike and some are not, with everything that a walk looks at.
namespace pgpassage::netcheck::test {

class RandomNetwork {
 public:
  explicit RandomNetwork(unsigned seed) : random_{seed} {}

  Topology make() {
    topology_.application_security_groups = {"asg-a", "asg-b"};
    if (chance(30)) topology_.service_tags.push_back({"Storage", {cidr("20.60.0.0/16")}, {}});
    hubs_ = 1 + below(2);
    spokes_ = 1 + below(5);
    for (int i = 0; i < 3; ++i) add_group(fmt::format("nsg-{}", i));
    add_tables();
    for (int hub = 0; hub < hubs_; ++hub) add_hub(hub);
    for (int spoke = 0; spoke < spokes_; ++spoke) add_spoke(spoke);
    if (chance(15))
      topology_.virtual_networks.push_back(network("vnet-twin", "10.20.0.0/16", {subnet("a", "10.20.1.0/24")}));
    connect();
    if (chance(60)) add_sites();
    add_machines();
    if (chance(25)) add_admin_rules();
    return std::move(topology_);
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>{0, limit - 1}(random_); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  T one_of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(static_cast<int>(choices.size())));
  }

  std::string some_prefix() {
    return one_of<std::string>(
        {"*", "VirtualNetwork", "Internet", "Storage", "AzureLoadBalancer", "Custom.Tag", "10.0.0.0/8", "10.10.0.0/16",
         fmt::format("10.2{}.0.0/16", below(5)), fmt::format("10.2{}.{}.0/24", below(5), below(3)),
         fmt::format("10.2{}.1.{}/32", below(5), 4 + below(3)), fmt::format("10.2{}.1.0/25", below(5)),
         "192.168.0.0/16", "192.168.4.0/24", "10.10.9.0/24", "0.0.0.0/0"});
  }
  std::vector<AddressPrefix> some_prefixes() {
    std::vector<AddressPrefix> all;
    for (int i = one_of({1, 1, 1, 2, 3}); i > 0; --i) {
      const std::string text = some_prefix();
      all.push_back(prefixes({text.c_str()}).front());
    }
    return all;
  }

  SecurityRule some_rule(int priority) {
    SecurityRule rule;
    rule.name = fmt::format("rule-{}", priority);
    rule.priority = priority;
    rule.direction = one_of({Direction::inbound, Direction::outbound});
    rule.access = one_of({Access::allow, Access::deny});
    rule.protocol = one_of({Protocol::any, Protocol::tcp, Protocol::tcp, Protocol::udp});
    rule.source_prefixes = some_prefixes();
    rule.destination_prefixes = some_prefixes();
    if (chance(15)) rule.source_prefixes.clear(), rule.source_groups = {one_of({"asg-a", "asg-b"})};
    if (chance(15)) rule.destination_prefixes.clear(), rule.destination_groups = {one_of({"asg-a", "asg-b"})};
    rule.source_ports = {one_of({PortRange{}, PortRange{}, PortRange{1024, 4000}, PortRange{1, 1000}})};
    rule.destination_ports = {one_of({PortRange{}, PortRange{5432, 5432}, PortRange{5000, 6000}, PortRange{80, 80}})};
    rule.location = {priority, 9};
    return rule;
  }

  void add_group(std::string name) {
    NetworkSecurityGroup group;
    group.name = std::move(name);
    for (int i = below(6); i > 0; --i) group.rules.insert(group.rules.begin(), some_rule(100 + i));
    topology_.network_security_groups.push_back(std::move(group));
  }

  Route some_route(int index) {
    const auto type = one_of({NextHopType::virtual_appliance, NextHopType::virtual_appliance, NextHopType::none,
                              NextHopType::internet, NextHopType::vnet_local, NextHopType::virtual_network_gateway});
    const std::string prefix =
        one_of<std::string>({"0.0.0.0/0", "10.0.0.0/8", "10.10.0.0/16", fmt::format("10.2{}.0.0/16", below(5)),
                             fmt::format("10.2{}.1.0/24", below(5)), fmt::format("10.2{}.1.0/25", below(5)),
                             "192.168.0.0/16", "Storage", "Sql"});
    const char* hop = one_of({"10.10.9.4", "10.10.9.4", "10.11.9.4", "10.20.1.9"});
    return route(fmt::format("r{}", index).c_str(), prefix.c_str(), type,
                 type == NextHopType::virtual_appliance ? hop : nullptr);
  }

  void add_tables() {
    for (int i = 0; i < 4; ++i) {
      RouteTable table{fmt::format("rt-{}", i), chance(20), {}, {}};
      for (int k = below(4); k > 0; --k) table.routes.push_back(some_route(k));
      topology_.route_tables.push_back(std::move(table));
    }
  }

  void dress(Subnet& subnet) {
    if (chance(50)) subnet.network_security_group = fmt::format("nsg-{}", below(3));
    if (chance(40)) subnet.route_table = fmt::format("rt-{}", below(4));
    if (chance(15)) subnet.service_endpoints = {"Microsoft.Sql"};
    using enum PrivateEndpointNetworkPolicies;
    subnet.private_endpoint_network_policies =
        one_of({disabled, disabled, enabled, network_security_group_enabled, route_table_enabled});
  }

  void add_hub(int index) {
    const std::string base = fmt::format("10.{}.", 10 + index);
    VirtualNetwork hub =
        network(fmt::format("vnet-hub-{}", index).c_str(), (base + "0.0/16").c_str(),
                {subnet("snet-fw", (base + "9.0/24").c_str()), subnet("GatewaySubnet", (base + "0.0/27").c_str()),
                 subnet("snet-a", (base + "1.0/24").c_str())});
    for (Subnet& one : hub.subnets)
      if (chance(40)) dress(one);
    topology_.virtual_networks.push_back(hub);
    if (chance(70))
      topology_.network_appliances.push_back(
          {fmt::format("fw-{}", index), hub.name, "snet-fw", ip((base + "9.4").c_str()), chance(90), chance(90), {}});
    if (chance(60)) {
      VirtualNetworkGateway gateway;
      gateway.name = fmt::format("vgw-{}", index);
      gateway.virtual_network = hub.name;
      gateway.type = one_of({GatewayType::vpn, GatewayType::express_route});
      gateway.connections = {{"to-site",
                              "datacenter",
                              one_of({ConnectionStatus::connected, ConnectionStatus::connected,
                                      ConnectionStatus::unknown, ConnectionStatus::not_connected}),
                              {}}};
      if (chance(25)) gateway.connections[0].learned_routes = {cidr("192.168.0.0/20"), cidr("10.22.0.0/16")};
      topology_.virtual_network_gateways.push_back(gateway);
    }
  }

  // Most spokes are alike but for their addresses and what hangs on one subnet.
  void add_spoke(int index) {
    const std::string base = fmt::format("10.2{}.", index);
    VirtualNetwork spoke = network(fmt::format("vnet-spoke-{}", index).c_str(), (base + "0.0/16").c_str(),
                                   {subnet("a", (base + "1.0/24").c_str()), subnet("b", (base + "2.0/24").c_str())});
    if (chance(20)) spoke.subnets.push_back(subnet("c", (base + "3.0/24").c_str()));
    if (chance(15)) spoke.subnets[1].prefixes.push_back(cidr((base + "4.0/24").c_str()));
    if (chance(12)) {
      spoke.address_prefixes.push_back(cidr(fmt::format("fd00:{}::/48", index + 1).c_str()));
      spoke.subnets[0].prefixes.push_back(cidr(fmt::format("fd00:{}::/64", index + 1).c_str()));
    }
    dress(spoke.subnets[0]);
    if (chance(50)) spoke.subnets[1].route_table = "rt-0";
    if (chance(50)) spoke.subnets[1].network_security_group = "nsg-0";
    if (chance(20)) {
      const std::string own = fmt::format("rt-own-{}", index);
      spoke.subnets[0].route_table = own;
      topology_.route_tables.push_back(
          {own,
           false,
           {route("own", (base + "0.0/16").c_str(), NextHopType::virtual_appliance, "10.10.9.4"),
            route("rest", "0.0.0.0/0", NextHopType::virtual_appliance, "10.10.9.4")},
           {}});
    }
    topology_.virtual_networks.push_back(std::move(spoke));
  }

  Peering link(const std::string& remote, bool plain) {
    Peering link = peering(("to-" + remote).c_str(), remote.c_str());
    link.allow_forwarded_traffic = plain || chance(60);
    if (plain) return link;
    link.allow_virtual_network_access = chance(85);
    link.state = one_of({PeeringState::connected, PeeringState::connected, PeeringState::connected,
                         PeeringState::initiated, PeeringState::disconnected});
    return link;
  }

  void peer(std::size_t one, std::size_t other, bool gateway_of_other) {
    auto& networks = topology_.virtual_networks;
    const bool plain = chance(70);
    Peering near = link(networks[other].name, plain), far = link(networks[one].name, plain);
    if (gateway_of_other) near.use_remote_gateways = chance(60), far.allow_gateway_transit = chance(80);
    networks[one].peerings.push_back(near);
    if (chance(92)) networks[other].peerings.push_back(far);
  }

  void connect() {
    const auto hubs = static_cast<std::size_t>(hubs_), all = topology_.virtual_networks.size();
    if (hubs == 2 && chance(60)) peer(0, 1, false);
    for (std::size_t spoke = hubs; spoke < all; ++spoke)
      if (chance(90)) peer(spoke, spoke % 2 == 0 ? 0 : hubs - 1, true);
    if (all > hubs + 1 && chance(25)) peer(hubs, hubs + 1, false);
  }

  void add_sites() {
    Site site;
    site.name = "datacenter";
    site.kind = one_of({SiteKind::on_premises, SiteKind::aws, SiteKind::gcp});
    site.address_prefixes = {cidr(one_of({"192.168.0.0/16", "192.168.0.0/16", "10.0.0.0/8", "0.0.0.0/0"}))};
    if (chance(30)) site.address_prefixes.push_back(cidr("172.16.0.0/12"));
    if (chance(40)) site.routes = {cidr("10.10.0.0/16"), cidr("10.20.0.0/15")};
    if (chance(70)) {
      site.firewall_rules.emplace();
      for (int i = below(4); i > 0; --i) site.firewall_rules->push_back(some_rule(i));
    }
    if (site.kind == SiteKind::aws && chance(40)) {
      NetworkAcl acl;
      acl.name = "acl";
      acl.is_default = chance(60);
      acl.associations = {cidr("192.168.4.0/24")};
      acl.entries = {{100, false, Protocol::any, Access::allow, cidr("10.20.0.0/15"), {}, {}},
                     {200, true, Protocol::any, one_of({Access::allow, Access::deny}), cidr("0.0.0.0/0"), {}, {}}};
      site.network_acls = {acl};
    }
    topology_.sites.push_back(site);
    if (chance(30)) {
      Site other = site;
      other.name = "branch";
      other.address_prefixes = {cidr("172.20.0.0/16")};
      topology_.sites.push_back(other);
    }
  }

  Server some_server(const std::string& name) {
    Server made = server(
        name.c_str(),
        one_of({ServerKind::azure_vm, ServerKind::flexible_server, ServerKind::single_server, ServerKind::on_premises}),
        one_of({ServerAccess::public_access, ServerAccess::private_access, ServerAccess::vnet_integrated,
                ServerAccess::private_endpoint}));
    if (chance(40)) made.public_ip_address = ip(one_of({"51.1.2.3", "20.60.1.1", "51.1.2.4"}));
    if (chance(30)) made.firewall_rules = {{{"fw", ip("0.0.0.0"), ip(one_of({"0.0.0.0", "255.255.255.255"})), {}}}};
    if (chance(15)) made.public_network_access = chance(50);
    if (chance(15)) made.egress_ip_addresses = {ip("51.9.9.9")};
    if (chance(30)) made.application_security_groups = {one_of({"asg-a", "asg-b"})};
    if (chance(20)) made.network_security_group = fmt::format("nsg-{}", below(3));
    if (chance(15)) made.virtual_network_rules = {{"vnet-spoke-0", "a", {}}};
    if (!topology_.sites.empty() && made.kind == ServerKind::on_premises) {
      made.site = "datacenter";
      if (chance(80)) made.ip_address = ip(one_of({"192.168.4.20", "192.168.9.1", "10.20.1.200"}));
    } else if (chance(85)) {
      const int spoke = below(spokes_);
      made.virtual_network = fmt::format("vnet-spoke-{}", spoke);
      made.subnet = one_of({"a", "b"});
      if (chance(80))
        made.ip_address =
            ip(fmt::format("10.2{}.{}.{}", spoke, chance(90) ? (made.subnet == "a" ? 1 : 2) : 7, 4 + below(9)).c_str());
    } else if (chance(50)) {
      made.ip_address = ip(one_of({"10.20.1.77", "51.1.2.9", "10.99.1.1"}));
    }
    return made;
  }

  void add_machines() {
    for (int i = below(5); i > 0; --i) topology_.servers.push_back(some_server(fmt::format("server-{}", i)));
    for (int i = below(3); i > 0; --i) {
      const int spoke = below(spokes_);
      const std::string service =
          topology_.servers.empty()
              ? "nobody"
              : topology_.servers[static_cast<std::size_t>(below(static_cast<int>(topology_.servers.size())))].name;
      topology_.private_endpoints.push_back(
          {fmt::format("pe-{}", i),
           fmt::format("vnet-spoke-{}", spoke),
           "b",
           ip(fmt::format("10.2{}.2.{}", spoke, 20 + i).c_str()),
           service,
           chance(85) ? EndpointConnectionState::approved : EndpointConnectionState::pending,
           {},
           {}});
    }
    for (int i = below(3); i > 0; --i) {
      Host host;
      host.name = fmt::format("host-{}", i);
      const int spoke = below(spokes_);
      host.virtual_network = fmt::format("vnet-spoke-{}", spoke);
      host.subnet = "a";
      host.ip_address = ip(fmt::format("10.2{}.1.{}", spoke, 100 + i).c_str());
      if (chance(30)) host.network_security_group = "nsg-1";
      if (chance(30)) host.application_security_groups = {"asg-a"};
      topology_.hosts.push_back(host);
    }
  }

  void add_admin_rules() {
    SecurityAdminConfiguration configuration;
    configuration.name = "admin";
    RuleCollection collection;
    collection.name = "all";
    collection.applies_to_groups = {"group"};
    for (int i = 1 + below(3); i > 0; --i) {
      AdminRule rule;
      rule.name = fmt::format("admin-{}", i);
      rule.priority = i;
      rule.direction = one_of({Direction::inbound, Direction::outbound});
      rule.access = one_of({AdminRuleAccess::allow, AdminRuleAccess::deny, AdminRuleAccess::always_allow});
      rule.sources = some_prefixes();
      rule.destinations = some_prefixes();
      rule.source_ports = rule.destination_ports = {PortRange{}};
      collection.rules.insert(collection.rules.begin(), rule);
    }
    configuration.rule_collections = {collection};
    topology_.security_admin_configurations = {configuration};
    NetworkGroup group{"group", {}, {}};
    for (const VirtualNetwork& network : topology_.virtual_networks)
      if (chance(60)) group.static_members.push_back(network.name);
    topology_.network_groups = {group};
  }

  std::mt19937 random_;
  Topology topology_;
  int hubs_ = 1, spokes_ = 1;
};

}  // namespace pgpassage::netcheck::test
