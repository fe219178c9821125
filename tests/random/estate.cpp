#include "tests/random/estate.hpp"

#include <fmt/format.h>

#include <set>

#include "tests/random/dice.hpp"

namespace pgpassage::random {
namespace {

using boost::json::array;
using boost::json::object;
using Words = std::vector<std::string>;

array list(const Words& words) {
  array result;
  for (const std::string& word : words) result.emplace_back(word);
  return result;
}

struct Network {
  std::string name;
  int number = 0;
  bool gateway = false, appliance = false, endpoint = false, resolver = false, ipv6 = false;

  std::string address(int subnet, int host) const { return fmt::format("10.{}.{}.{}", number, subnet, host); }
  std::string prefix() const { return fmt::format("10.{}.0.0/16", number); }
  std::string prefix6() const { return fmt::format("fd00:{}::/48", number); }
  std::string subnet6(int subnet) const { return fmt::format("fd00:{}:0:{}::", number, subnet); }
};

constexpr const char* azure = "postgres.database.azure.com";
constexpr const char* privatelink = "privatelink.postgres.database.azure.com";

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : dice_(seed) {}

  Tree tree() {
    draw();
    object root{{"apiVersion", "pgpassage/v1"}, {"metadata", {{"name", "random"}}}};
    root["applicationSecurityGroups"] = list({"asg-a", "asg-b"});
    if (dice_.one_in(2)) root["serviceTags"] = tags();
    root["virtualNetworks"] = virtual_networks();
    root["networkSecurityGroups"] = groups();
    if (dice_.one_in(4)) add_admin_rules(root);
    root["routeTables"] = tables();
    root["networkAppliances"] = appliances();
    root["virtualNetworkGateways"] = gateways();
    root["sites"] = sites();
    root["dnsServers"] = dns_servers();
    root["privateDnsZones"] = zones();
    root["dnsOutboundEndpoints"] = outbound_endpoints();
    root["dnsForwardingRulesets"] = rulesets();
    root["dnsInboundEndpoints"] = inbound_endpoints();
    root["privateEndpoints"] = endpoints();
    root["servers"] = servers();
    root["hosts"] = hosts();
    for (auto member = root.begin(); member != root.end();)
      member = member->value().is_array() && member->value().as_array().empty() ? root.erase(member) : member + 1;
    return root;
  }

 private:
  void draw() {
    const int count = 1 + dice_.below(4);
    for (int i = 1; i <= count; ++i)
      networks_.push_back({fmt::format("vnet-{}", i), i, dice_.one_in(3), dice_.one_in(3), dice_.one_in(3),
                           dice_.one_in(4), dice_.one_in(4)});
    site_count_ = dice_.below(3);
    for (const Network& network : networks_) {
      for (const std::string& prefix :
           {network.prefix(), network.address(1, 0) + "/24", network.address(2, 0) + "/24",
            network.address(4, 0) + "/24", network.address(1, 0) + "/25", network.address(1, 4) + "/32",
            network.address(2, 4) + "/32", network.address(4, 4) + "/32"})
        prefixes_.push_back(prefix);
      if (network.ipv6)
        for (const std::string& prefix :
             {network.prefix6(), network.subnet6(1) + "/64", network.subnet6(1) + "4/128", std::string{"::/0"}})
          prefixes6_.push_back(prefix);
      if (network.appliance) next_hops_.push_back(network.address(3, 4));
      if (network.appliance && dice_.one_in(4)) next_hops_.push_back(network.address(3, 5));
    }
    if (dice_.one_in(6)) next_hops_.push_back("10.9.9.9");
    for (int i = 1; i <= site_count_; ++i) prefixes_.push_back(site_prefix(i));
    for (const char* prefix :
         {"10.0.0.0/8", "52.1.1.4/32", "52.1.0.0/16", "20.0.0.0/24", "192.168.0.0/16", "0.0.0.0/1"})
      prefixes_.emplace_back(prefix);
    zone_names_ = {privatelink, "db.private." + std::string{azure}, "corp.example", "in.corp.example", azure};
  }

  /// For what may name either family.
  std::string any_prefix() {
    return !prefixes6_.empty() && dice_.one_in(5) ? dice_.of(prefixes6_) : dice_.of(prefixes_);
  }

  static std::string site_prefix(int site) { return fmt::format("192.168.{}.0/24", site); }
  const Network& network_at(int index) const { return networks_[static_cast<std::size_t>(index)]; }
  const Network& any_network() { return network_at(dice_.below(static_cast<int>(networks_.size()))); }

  object tags() {
    object result;
    if (dice_.one_in(2)) result["Sql"] = list({"52.1.0.0/16"});
    if (dice_.one_in(2)) result["Storage.WestEurope"] = list({"10.1.1.0/24", "52.2.0.0/16"});
    if (dice_.one_in(3)) result["Partners"] = list({"192.168.1.0/24", "20.0.0.0/25"});
    return result;
  }

  // Virtual Network Manager

  object admin_rule(int number) {
    const Words accesses{"Allow", "Deny", "AlwaysAllow"}, ends{"*", "VirtualNetwork", "Internet", "Sql"};
    const Words ports{"5432", "5000-6000", "53"}, source_ports{"1024-65535", "2000-3000"};
    object result{{"name", fmt::format("admin-{}", number)}, {"priority", 10 * (1 + dice_.below(3))}};
    result["direction"] = dice_.one_in(2) ? "Inbound" : "Outbound";
    result["access"] = dice_.of(accesses);
    result["protocol"] = dice_.one_in(2) ? "Any" : "Tcp";
    for (const char* side : {"sources", "destinations"})
      if (!dice_.one_in(3)) result[side] = list({dice_.one_in(2) ? any_prefix() : dice_.of(ends)});
    if (dice_.most()) result["destinationPortRanges"] = list({dice_.of(ports)});
    if (dice_.one_in(8)) result["sourcePortRanges"] = list({dice_.of(source_ports)});
    return result;
  }

  array network_groups() {
    array result;
    for (const char* name : {"ng-1", "ng-2"}) {
      array members;
      for (const Network& network : networks_)
        if (dice_.one_in(2)) members.push_back(network.name.c_str());
      result.push_back(object{{"name", name}, {"staticMembers", std::move(members)}});
    }
    return result;
  }

  void add_admin_rules(object& root) {
    root["networkGroups"] = network_groups();
    array configurations;
    int number = 0;
    for (int i = 1 + dice_.below(2); i > 0; --i) {
      array collections;
      for (int j = 1 + dice_.below(2); j > 0; --j) {
        array rules;
        for (int k = 1 + dice_.below(3); k > 0; --k) rules.push_back(admin_rule(++number));
        collections.push_back(object{{"name", fmt::format("rc-{}", j)},
                                     {"appliesToGroups", list({dice_.one_in(2) ? "ng-1" : "ng-2"})},
                                     {"rules", std::move(rules)}});
      }
      configurations.push_back(object{{"name", fmt::format("sac-{}", i)}, {"ruleCollections", std::move(collections)}});
    }
    root["securityAdminConfigurations"] = std::move(configurations);
  }

  std::string group_name() { return fmt::format("nsg-{}", 1 + dice_.below(3)); }

  object subnet(const Network& network, const char* name, int number) {
    object result{{"name", name}, {"addressPrefix", network.address(number, 0) + "/24"}};
    if (network.ipv6 && (number == 1 || number == 3)) {
      result.erase("addressPrefix");
      result["addressPrefixes"] = list({network.address(number, 0) + "/24", network.subnet6(number) + "/64"});
    }
    if (dice_.one_in(3)) result["networkSecurityGroup"] = group_name();
    if (dice_.one_in(3)) result["routeTable"] = fmt::format("rt-{}", 1 + dice_.below(3));
    if (dice_.one_in(5)) result["serviceEndpoints"] = list({dice_.one_in(4) ? "Microsoft.Storage" : "Microsoft.Sql"});
    return result;
  }

  array subnets(const Network& network) {
    const Words policies{"Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"};
    array result{subnet(network, "snet-a", 1), subnet(network, "snet-b", 2)};
    result[1].as_object()["delegations"] = list({"Microsoft.DBforPostgreSQL/flexibleServers"});
    if (network.appliance) result.push_back(subnet(network, "snet-fw", 3));
    if (network.endpoint) {
      result.push_back(subnet(network, "snet-pe", 4));
      result.back().as_object()["privateEndpointNetworkPolicies"] = dice_.of(policies);
    }
    if (network.resolver) {
      for (const auto& [name, number] : {std::pair{"snet-dns", 5}, {"snet-out", 6}}) {
        result.push_back(subnet(network, name, number));
        result.back().as_object()["delegations"] = list({"Microsoft.Network/dnsResolvers"});
      }
    }
    if (network.gateway) {
      result.push_back(object{{"name", "GatewaySubnet"}, {"addressPrefix", network.address(255, 0) + "/24"}});
      if (dice_.one_in(4)) result.back().as_object()["routeTable"] = fmt::format("rt-{}", 1 + dice_.below(3));
    }
    return result;
  }

  array peerings_of(const Network& network) {
    array result;
    bool uses_remote = network.gateway;
    for (const Network& remote : networks_) {
      const auto pair = std::minmax(network.number, remote.number);
      if (!peered_.contains(pair) || dice_.one_in(20)) continue;  // one link is missing
      object link{{"name", "to-" + remote.name}, {"remoteVirtualNetwork", remote.name}};
      link["peeringState"] = dice_.one_in(15) ? dice_.one_in(2) ? "Initiated" : "Disconnected" : "Connected";
      link["allowVirtualNetworkAccess"] = dice_.most();
      link["allowForwardedTraffic"] = !dice_.one_in(3);
      link["allowGatewayTransit"] = network.gateway && dice_.most();
      const bool uses = !uses_remote && remote.gateway && dice_.most();
      uses_remote = uses_remote || uses;
      link["useRemoteGateways"] = uses;
      result.push_back(std::move(link));
    }
    return result;
  }

  array virtual_networks() {
    for (const Network& one : networks_)
      for (const Network& other : networks_)
        if (one.number < other.number && !dice_.one_in(4)) peered_.insert({one.number, other.number});
    array result;
    for (const Network& network : networks_) {
      object one{{"name", network.name}, {"location", "westeurope"}};
      one["addressPrefixes"] = list({network.prefix()});
      if (dice_.one_in(8))
        one["addressPrefixes"].as_array().push_back(fmt::format("172.{}.0.0/16", 16 + network.number).c_str());
      if (network.ipv6) one["addressPrefixes"].as_array().push_back(network.prefix6().c_str());
      if (dice_.one_in(3)) one["dnsServers"] = dns_addresses();
      one["subnets"] = subnets(network);
      one["peerings"] = peerings_of(network);
      result.push_back(std::move(one));
    }
    return result;
  }

  void side(object& rule, const std::string& which, bool nsg) {
    const Words tags{"VirtualNetwork",     "VirtualNetwork",    "Internet", "Sql",
                     "Storage.WestEurope", "AzureLoadBalancer", "Partners", "AzurePlatformDNS"};
    const int kind = dice_.below(nsg ? 9 : 5);
    if (kind >= 8) {
      rule[which + "ApplicationSecurityGroups"] = list({dice_.one_in(2) ? "asg-a" : "asg-b"});
    } else if (kind >= 5) {
      rule[which + "AddressPrefix"] = dice_.of(tags);
    } else if (kind == 2) {
      rule[which + "AddressPrefixes"] = list({any_prefix(), any_prefix()});
    } else {
      rule[which + "AddressPrefix"] = kind < 2 ? std::string{"*"} : any_prefix();
    }
  }

  object rule(int number, bool nsg, bool may_deny) {
    const Words protocols{"Tcp", "Tcp", "*", "*", "Udp", "Icmp"};
    const Words ports{"*", "*", "5432", "5000-6000", "5433", "53"};
    const Words source_ports{"*", "*", "*", "*", "1024-65535", "80", "2000-3000"};
    object result{{"name", fmt::format("rule-{}", number)}};
    if (nsg) result["priority"] = 100 * number;
    result["direction"] = dice_.one_in(2) ? "Inbound" : "Outbound";
    result["access"] = !may_deny || dice_.one_in(2) ? "Allow" : "Deny";
    result["protocol"] = dice_.of(protocols);
    side(result, "source", nsg);
    side(result, "destination", nsg);
    if (dice_.one_in(4)) {
      result["destinationPortRanges"] = list({dice_.of(ports), dice_.of(ports)});
    } else {
      result["destinationPortRange"] = dice_.of(ports);
    }
    if (nsg || dice_.one_in(4)) result["sourcePortRange"] = dice_.of(source_ports);
    return result;
  }

  array rules(bool nsg, bool may_deny) {
    array result;
    const int count = 1 + dice_.below(5);
    for (int i = 1; i <= count; ++i) result.push_back(rule(i, nsg, may_deny));
    return result;
  }

  array groups() {
    array result;
    for (int i = 1; i <= 3; ++i)
      result.push_back(object{{"name", fmt::format("nsg-{}", i)}, {"securityRules", rules(true, true)}});
    return result;
  }

  object route(int number, const std::string& prefix) {
    object result{{"name", fmt::format("route-{}", number)}, {"addressPrefix", prefix}};
    const Words others{"None", "VnetLocal", "Internet", "VirtualNetworkGateway"};
    const bool six = prefix.find(':') != prefix.npos;  // an appliance of the file has an IPv4 address
    if (next_hops_.empty() || six || dice_.one_in(2)) {
      result["nextHopType"] = dice_.of(others);
    } else {
      result["nextHopType"] = "VirtualAppliance";
      result["nextHopIpAddress"] = dice_.of(next_hops_);
    }
    return result;
  }

  array tables() {
    const Words some{"0.0.0.0/0", "0.0.0.0/0", "Sql", "Storage.WestEurope"};
    array result;
    for (int i = 1; i <= 3; ++i) {
      object table{{"name", fmt::format("rt-{}", i)}, {"disableBgpRoutePropagation", dice_.one_in(4)}};
      array routes;
      std::set<std::string> taken;
      const int count = 1 + dice_.below(3);
      for (int j = 1; j <= count; ++j) {
        const std::string prefix = dice_.one_in(4) ? dice_.of(some) : any_prefix();
        if (taken.insert(prefix).second) routes.push_back(route(j, prefix));
      }
      table["routes"] = std::move(routes);
      result.push_back(std::move(table));
    }
    return result;
  }

  array appliances() {
    array result;
    for (const Network& network : networks_)
      if (network.appliance)
        result.push_back(object{{"name", "fw-" + network.name},
                                {"virtualNetwork", network.name},
                                {"subnet", "snet-fw"},
                                {"ipAddress", network.address(3, 4)},
                                {"enableIPForwarding", !dice_.one_in(15)},
                                {"forwards", !dice_.one_in(15)}});
    return result;
  }

  object connection(int site, const std::string& status) {
    object result{{"name", fmt::format("to-{}", site)},
                  {"site", fmt::format("site-{}", site)},
                  {"connectionStatus", status},
                  {"enableBgp", dice_.one_in(2)}};
    if (!result["enableBgp"].as_bool() || !dice_.one_in(3)) return result;
    result["learnedRoutes"] = list({dice_.one_in(4) ? "0.0.0.0/0" : site_prefix(site), "192.168.0.0/16"});
    if (dice_.one_in(3)) result["learnedRoutes"].as_array().pop_back();
    return result;
  }

  array gateways() {
    const Words statuses{"Connected", "Connected", "Connected", "Connected", "Connecting", "NotConnected", "Unknown"};
    array result;
    for (const Network& network : networks_) {
      if (!network.gateway) continue;
      for (const bool second : {false, true}) {
        if (second && !dice_.one_in(6)) continue;
        array connections;
        for (int site = 1; site <= site_count_; ++site)
          if (!dice_.one_in(3)) connections.push_back(connection(site, dice_.of(statuses)));
        const bool express = second || dice_.one_in(4);
        result.push_back(object{{"name", fmt::format("gw{}-{}", second ? 2 : 1, network.name)},
                                {"virtualNetwork", network.name},
                                {"gatewayType", express ? "ExpressRoute" : "Vpn"},
                                {"connections", std::move(connections)}});
      }
    }
    return result;
  }

  array site_rules(bool aws) {
    if (dice_.one_in(4)) return {};
    if (dice_.one_in(2)) return rules(false, !aws);
    array result;
    for (const char* direction : {"Inbound", "Outbound"})
      result.push_back(object{{"name", direction},
                              {"direction", direction},
                              {"access", "Allow"},
                              {"protocol", dice_.most() ? "*" : "Tcp"}});
    if (dice_.one_in(3)) result.pop_back();
    return result;
  }

  object acl_entry(int number, bool egress) {
    object result{{"ruleNumber", number}, {"egress", egress}, {"ruleAction", dice_.one_in(3) ? "deny" : "allow"}};
    result["cidrBlock"] = dice_.one_in(2) ? "0.0.0.0/0" : dice_.of(prefixes_);
    result["protocol"] = dice_.one_in(2) ? "-1" : "tcp";
    if (result["protocol"] == "-1") return result;
    const std::vector<std::pair<int, int>> ranges{{0, 65535}, {1024, 65535}, {5432, 5432}, {0, 1023}, {32768, 65535}};
    const auto& [from, to] = ranges[static_cast<std::size_t>(dice_.below(static_cast<int>(ranges.size())))];
    result["portRange"] = object{{"from", from}, {"to", to}};
    return result;
  }

  array network_acls(int site) {
    const Words halves{fmt::format("192.168.{}.0/27", site), fmt::format("192.168.{}.32/27", site)};
    array result;
    for (int i = 0; i < 2; ++i) {
      if (i == 1 && dice_.one_in(3)) continue;
      object acl{{"name", fmt::format("acl-{}", i)}, {"associations", list({halves[static_cast<std::size_t>(i)]})}};
      if (dice_.one_in(4)) acl["associations"] = array{};
      if (i == 0) acl["isDefault"] = dice_.one_in(2);
      array entries;
      for (const bool egress : {false, true})
        for (int number = 1 + dice_.below(3); number > 0; --number) entries.push_back(acl_entry(10 * number, egress));
      acl["entries"] = std::move(entries);
      result.push_back(std::move(acl));
    }
    return result;
  }

  array sites() {
    const Words kinds{"onPremises", "aws", "gcp"};
    array result;
    for (int i = 1; i <= site_count_; ++i) {
      const std::string kind = dice_.of(kinds);
      object site{{"name", fmt::format("site-{}", i)}, {"kind", kind}};
      site["addressPrefixes"] = list({dice_.one_in(12) ? "0.0.0.0/0" : site_prefix(i)});
      if (dice_.one_in(12)) site["addressPrefixes"] = list({site_prefix(i), "52.7.0.0/24"});
      if (!prefixes6_.empty() && dice_.one_in(4))
        site["addressPrefixes"].as_array().push_back(fmt::format("fd00:192:{}::/48", i).c_str());
      if (dice_.one_in(3)) site["dnsServers"] = dns_addresses();
      if (dice_.one_in(3)) site["routes"] = list({any_prefix(), any_prefix()});
      if (dice_.one_in(12)) site["routes"] = array{};
      if (!dice_.one_in(5)) site["firewallRules"] = site_rules(kind == "aws");
      if (kind == "aws" && dice_.one_in(2)) site["networkAcls"] = network_acls(i);
      if (site_count_ > 1 && dice_.one_in(4)) site["routes"] = list({site_prefix(3 - i), "10.0.0.0/8"});
      result.push_back(std::move(site));
    }
    return result;
  }

  // Names

  array dns_addresses() {
    Words words{"168.63.129.16", "10.9.9.53"};
    for (const Network& network : networks_) {
      words.push_back(network.address(1, 53));
      words.push_back(network.address(1, 53));
      if (network.resolver) words.push_back(network.address(5, 4));
    }
    for (int i = 1; i <= site_count_; ++i) words.push_back(fmt::format("192.168.{}.53", i));
    Words result{dice_.of(words)};
    if (dice_.one_in(4)) result.push_back(dice_.of(words));
    if (result.size() == 2 && result[0] == result[1]) result.pop_back();
    return list(result);
  }

  std::string name_in(const std::string& zone) {
    const Words labels{"db-1", "db-2", "behind-1", "behind-2", "single", "vm-1", "host-1", "other"};
    return dice_.of(labels) + "." + zone;
  }

  object dns_server(const std::string& name, const std::string& address) {
    object result{{"name", name}, {"ipAddress", address}};
    result["forwarders"] = dice_.one_in(3) ? array{} : dns_addresses();
    if (dice_.one_in(2)) result["forwarders"] = list({"168.63.129.16"});
    array conditional;
    std::set<std::string> taken;
    for (int i = dice_.below(3); i > 0; --i)
      if (const std::string zone = dice_.of(zone_names_); taken.insert(zone).second)
        conditional.push_back(object{{"zone", zone}, {"forwarders", dns_addresses()}});
    result["conditionalForwarders"] = std::move(conditional);
    array records;
    taken.clear();
    for (int i = dice_.below(3); i > 0; --i)
      if (const std::string full = name_in(dice_.of(zone_names_)); taken.insert(full).second)
        records.push_back(object{{"name", full}, {"ipv4Addresses", list({any_address()})}});
    for (auto& record : records)
      if (dice_.one_in(5)) record.as_object()["ipv6Addresses"] = list({"fd00:1::9"});
    result["records"] = std::move(records);
    return result;
  }

  std::string any_address() {
    const Network& network = any_network();
    const Words addresses{network.address(4, 4), network.address(2, 4), network.address(1, 5), "192.168.1.20",
                          "52.1.1.4"};
    return dice_.of(addresses);
  }

  array dns_servers() {
    array result;
    for (const Network& network : networks_) {
      if (dice_.one_in(3)) continue;
      result.push_back(dns_server("dns-" + network.name, network.address(1, 53)));
      result.back().as_object()["virtualNetwork"] = network.name;
      result.back().as_object()["subnet"] = "snet-a";
    }
    for (int i = 1; i <= site_count_; ++i) {
      if (dice_.one_in(3)) continue;
      result.push_back(dns_server(fmt::format("dns-site-{}", i), fmt::format("192.168.{}.53", i)));
      result.back().as_object()["site"] = fmt::format("site-{}", i);
    }
    return result;
  }

  array zones() {
    array result;
    for (const std::string& name : zone_names_) {
      if (dice_.one_in(name == azure ? 6 : 2) != (name == azure)) continue;
      object zone{{"name", name}};
      array links;
      for (const Network& network : networks_) {
        if (dice_.one_in(3)) continue;
        object link{{"name", "link-" + network.name}, {"virtualNetwork", network.name}};
        if (name == privatelink && dice_.one_in(3)) link["resolutionPolicy"] = "NxDomainRedirect";
        if (name == "corp.example" && dice_.one_in(3)) link["registrationEnabled"] = true;
        links.push_back(std::move(link));
      }
      zone["virtualNetworkLinks"] = std::move(links);
      array records, aliases;
      std::set<std::string> taken, aliased;
      const Words labels{"db-1", "db-2", "behind-1", "behind-2", "single", "vm-1", "host-1", "@", "in", "db-1.in"};
      for (int i = dice_.below(4); i > 0; --i) {
        const std::string label = dice_.of(labels);
        if (!taken.insert(label).second) continue;
        if (label != "@" && dice_.one_in(4)) {
          aliases.push_back(object{{"name", label}, {"cname", name_in(dice_.of(zone_names_))}});
          aliased.insert(label);
        } else {
          records.push_back(object{{"name", label}, {"ipv4Addresses", list({any_address()})}});
        }
      }
      array six;
      for (const char* label : {"db-1", "behind-1", "six", "a.in"})
        if (!aliased.contains(label) && dice_.one_in(6))
          six.push_back(object{{"name", label}, {"ipv6Addresses", list({"fd00:1::4"})}});
      zone["aaaaRecords"] = std::move(six);
      zone["aRecords"] = std::move(records);
      zone["cnameRecords"] = std::move(aliases);
      zones_.push_back(name);
      result.push_back(std::move(zone));
    }
    return result;
  }

  array rulesets() {
    array result;
    for (int i = 1; i <= 2; ++i) {
      if (!dice_.one_in(3)) continue;
      array links, rules;
      for (const Network& network : networks_)
        if (dice_.one_in(2) && ruled_.insert(network.name).second) links.push_back(network.name.c_str());
      std::set<std::string> taken;
      for (int j = 1 + dice_.below(3); j > 0; --j) {
        const std::string domain = dice_.one_in(5) ? "." : dice_.of(zone_names_) + ".";
        if (taken.insert(domain).second)
          rules.push_back(
              object{{"domainName", domain}, {"targetDnsServers", rule_targets()}, {"enabled", dice_.most()}});
      }
      result.push_back(
          object{{"name", fmt::format("ruleset-{}", i)}, {"virtualNetworkLinks", links}, {"rules", rules}});
      array from;
      for (const std::string& name : outbound_)
        if (from.size() < 2 && dice_.one_in(2)) from.push_back(name.c_str());
      if (!from.empty()) result.back().as_object()["dnsResolverOutboundEndpoints"] = std::move(from);
    }
    return result;
  }

  array rule_targets() {
    array targets = dns_addresses();
    while (targets[0] == "168.63.129.16") targets = dns_addresses();
    return targets;
  }

  array outbound_endpoints() {
    array result;
    if (dice_.one_in(2)) return result;
    for (const Network& network : networks_) {
      if (!network.resolver) continue;
      outbound_.push_back("outbound-" + network.name);
      result.push_back(object{{"name", outbound_.back()}, {"virtualNetwork", network.name}, {"subnet", "snet-out"}});
    }
    return result;
  }

  array inbound_endpoints() {
    array result;
    for (const Network& network : networks_)
      if (network.resolver)
        result.push_back(object{{"name", "inbound-" + network.name},
                                {"virtualNetwork", network.name},
                                {"subnet", "snet-dns"},
                                {"ipAddress", network.address(5, 4)}});
    return result;
  }

  // Servers

  array endpoints() {
    const Words states{"Approved", "Approved", "Approved", "Approved",
                       "Approved", "Pending",  "Rejected", "Disconnected"};
    array result;
    for (const Network& network : networks_) {
      if (!network.endpoint) continue;
      object endpoint{{"name", "pe-" + network.name},
                      {"virtualNetwork", network.name},
                      {"subnet", "snet-pe"},
                      {"privateIPAddress", network.address(4, 4)},
                      {"privateLinkService", fmt::format("behind-{}", network.number)},
                      {"connectionState", dice_.of(states)}};
      if (!zones_.empty() && dice_.one_in(2)) endpoint["privateDnsZoneGroup"] = list({dice_.of(zones_)});
      result.push_back(std::move(endpoint));
    }
    return result;
  }

  array firewall() {
    const auto range = [](const char* name, const char* first, const char* last) {
      return object{{"name", name}, {"startIpAddress", first}, {"endIpAddress", last}};
    };
    array result;
    if (dice_.one_in(2)) result.push_back(range("some", "20.0.0.1", "20.0.0.2"));
    if (dice_.one_in(4)) result.push_back(range("azure", "0.0.0.0", "0.0.0.0"));
    if (dice_.one_in(4)) result.push_back(range("all", "0.0.0.0", "255.255.255.255"));
    return result;
  }

  array authorized_networks() {
    array result;
    for (const char* prefix : {"20.0.0.0/30", "172.16.0.0/12", "52.0.0.0/8"})
      if (dice_.one_in(2)) result.push_back(object{{"value", prefix}});
    if (dice_.one_in(6)) result.push_back(object{{"value", "0.0.0.0/0"}});
    return result;
  }

  void add_public_facts(object& server, const char* address) {
    if (server["kind"] == "googleCloudSql" && dice_.most()) server["authorizedNetworks"] = authorized_networks();
    if (dice_.most()) server["publicIpAddress"] = address;
    if (!server.contains("authorizedNetworks") && dice_.most()) server["firewallRules"] = firewall();
    if (dice_.one_in(4)) server["publicNetworkAccess"] = dice_.one_in(2) ? "Enabled" : "Disabled";
    if (dice_.one_in(3)) server["egressIpAddresses"] = list({"20.0.0.1"});
    if (dice_.one_in(8)) server["egressIpAddresses"] = list({"20.0.0.1", "20.0.0.3"});
  }

  array servers() {
    array result;
    for (const Network& network : networks_) add_servers_of(result, network);
    if (dice_.one_in(2)) {
      object single{{"name", "single"}, {"kind", "singleServer"}, {"access", "public"}, {"tier", "GeneralPurpose"}};
      if (dice_.one_in(4)) single["location"] = dice_.one_in(2) ? "westeurope" : "northeurope";
      single["fqdn"] = std::string{"single."} + azure;
      add_public_facts(single, "52.1.1.4");
      array rules;
      for (const Network& network : networks_)
        if (dice_.one_in(2))
          rules.push_back(object{{"virtualNetwork", network.name}, {"subnet", dice_.one_in(2) ? "snet-a" : "snet-b"}});
      single["virtualNetworkRules"] = std::move(rules);
      result.push_back(std::move(single));
    }
    if (dice_.one_in(2)) {
      const Words kinds{"otherCloud", "flexibleServer", "amazonRds", "googleCloudSql", "onPremises"};
      object open{
          {"name", "open-db"}, {"kind", dice_.of(kinds)}, {"access", "public"}, {"fqdn", "open-db.example.org"}};
      add_public_facts(open, "52.1.1.5");
      if (site_count_ > 0 && open["kind"] != "flexibleServer" && dice_.one_in(2)) {
        open["site"] = "site-1";
        if (dice_.one_in(2)) open["ipAddress"] = "192.168.1.21";
      }
      result.push_back(std::move(open));
    }
    for (int i = 1; i <= site_count_; ++i) {
      const Words kinds{"onPremises", "amazonAurora", "googleCloudSql"};
      object server{{"name", fmt::format("site-db-{}", i)}, {"kind", dice_.of(kinds)}, {"access", "private"}};
      server["site"] = fmt::format("site-{}", i);
      if (server["kind"] == "googleCloudSql" && dice_.one_in(2)) server["authorizedNetworks"] = authorized_networks();
      if (dice_.most()) server["ipAddress"] = fmt::format("192.168.{}.20", i);
      if (dice_.one_in(2)) server["fqdn"] = fmt::format("site-db-{}.corp.example", i);
      result.push_back(std::move(server));
    }
    return result;
  }

  void add_servers_of(array& result, const Network& network) {
    if (dice_.most()) {
      object server{
          {"name", fmt::format("db-{}", network.number)}, {"kind", "flexibleServer"}, {"access", "vnetIntegrated"}};
      server["fqdn"] = fmt::format("db-{}.{}", network.number, azure);
      server["virtualNetwork"] = network.name;
      server["subnet"] = "snet-b";
      if (dice_.most()) server["ipAddress"] = network.address(2, 4);
      if (dice_.one_in(4)) server["egressIpAddresses"] = list({"20.0.0.1"});
      if (std::ranges::find(zones_, zone_names_[1]) != zones_.end() && dice_.one_in(2))
        server["privateDnsZone"] = zone_names_[1];
      result.push_back(std::move(server));
    }
    if (network.endpoint || dice_.one_in(10)) {
      object server{{"name", fmt::format("behind-{}", network.number)},
                    {"kind", dice_.one_in(2) ? "flexibleServer" : "singleServer"},
                    {"access", "privateEndpoint"},
                    {"fqdn", fmt::format("behind-{}.{}", network.number, azure)}};
      if (dice_.one_in(3)) server["publicIpAddress"] = fmt::format("52.1.2.{}", network.number);
      if (dice_.one_in(3)) server["publicNetworkAccess"] = dice_.one_in(2) ? "Enabled" : "Disabled";
      if (dice_.one_in(3)) server["firewallRules"] = firewall();
      result.push_back(std::move(server));
    }
    if (dice_.one_in(3)) {
      object server{{"name", fmt::format("vm-{}", network.number)},
                    {"kind", "azureVm"},
                    {"access", dice_.one_in(3) ? "public" : "private"},
                    {"virtualNetwork", network.name},
                    {"subnet", "snet-a"}};
      if (dice_.most()) server["ipAddress"] = network.address(1, 5);
      if (network.ipv6 && dice_.one_in(2)) server["ipv6Address"] = network.subnet6(1) + "5";
      if (dice_.one_in(2)) server["publicIpAddress"] = fmt::format("20.0.0.{}", network.number);
      if (dice_.one_in(3)) server["networkSecurityGroup"] = group_name();
      if (dice_.one_in(3)) server["applicationSecurityGroups"] = list({"asg-a"});
      if (dice_.one_in(2)) server["fqdn"] = fmt::format("vm-{}.corp.example", network.number);
      if (dice_.one_in(8)) server["firewallRules"] = firewall();
      result.push_back(std::move(server));
    }
  }

  array hosts() {
    array result;
    for (const Network& network : networks_) {
      object host{{"name", fmt::format("host-{}", network.number)},
                  {"virtualNetwork", network.name},
                  {"subnet", "snet-a"},
                  {"ipAddress", network.address(1, 4)}};
      if (network.ipv6 && dice_.most()) host["ipv6Address"] = network.subnet6(1) + "4";
      if (dice_.one_in(3)) host["networkSecurityGroup"] = group_name();
      if (dice_.one_in(3)) host["applicationSecurityGroups"] = list({dice_.one_in(2) ? "asg-a" : "asg-b"});
      result.push_back(std::move(host));
    }
    for (int i = 1; i <= site_count_; ++i)
      result.push_back(object{{"name", fmt::format("site-host-{}", i)},
                              {"site", fmt::format("site-{}", i)},
                              {"ipAddress", fmt::format("192.168.{}.4", i)}});
    return result;
  }

  Dice dice_;
  std::vector<Network> networks_;
  std::set<std::pair<int, int>> peered_;
  std::set<std::string> ruled_;
  int site_count_ = 0;
  Words prefixes_, prefixes6_, next_hops_, zone_names_, zones_, outbound_;
};

}  // namespace

Tree random_estate(std::uint32_t seed) { return Generator{seed}.tree(); }

}  // namespace pgpassage::random
