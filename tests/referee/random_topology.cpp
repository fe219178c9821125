#include "tests/referee/random_topology.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>
#include <set>
#include <vector>

namespace pgpassage::referee {
namespace {

using Words = std::vector<std::string>;

/// Distributions of the standard library differ between libraries; the engine does not.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}

  int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(limit)); }
  bool one_in(int many) { return below(many) == 0; }
  bool most() { return !one_in(8); }
  const std::string& of(const Words& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
  }

 private:
  std::mt19937 engine_;
};

struct Network {
  std::string name;
  int number;
  bool gateway = false, appliance = false, endpoint = false;

  std::string address(int subnet, int host) const { return fmt::format("10.{}.{}.{}", number, subnet, host); }
  std::string prefix() const { return fmt::format("10.{}.0.0/16", number); }
};

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : dice_(seed) {}

  std::string text() {
    draw();
    std::string result = "apiVersion: pgpassage/v1\nmetadata: {name: random}\n";
    result += "applicationSecurityGroups: [asg-a, asg-b]\n";
    if (dice_.one_in(2))
      result += "serviceTags: {Sql: [52.1.0.0/16], Storage.WestEurope: [10.1.1.0/24, 52.2.0.0/16]}\n";
    const std::string networks = virtual_networks();
    return result + networks + groups() + admin_rules() + tables() + appliances() + gateways() + sites() + endpoints() +
           servers() + hosts();
  }

 private:
  void draw() {
    const int count = 2 + dice_.below(3);
    for (int i = 1; i <= count; ++i)
      networks_.push_back({fmt::format("vnet-{}", i), i, dice_.one_in(3), dice_.one_in(3), dice_.one_in(4)});
    site_count_ = dice_.below(3);
    for (const Network& network : networks_) {
      prefixes_.insert(prefixes_.end(), {network.prefix(), network.address(1, 0) + "/24", network.address(2, 0) + "/24",
                                         network.address(1, 4) + "/32", network.address(2, 4) + "/32"});
      if (network.appliance) appliances_.push_back(network.address(3, 4));
    }
    for (int i = 1; i <= site_count_; ++i) prefixes_.push_back(site_prefix(i));
    prefixes_.insert(prefixes_.end(), {"10.0.0.0/8", "52.1.1.4/32", "52.1.0.0/16"});
  }

  static std::string site_prefix(int site) { return fmt::format("192.168.{}.0/24", site); }

  std::string group_name() { return dice_.one_in(3) ? fmt::format("nsg-{}", 1 + dice_.below(3)) : ""; }

  std::string subnet(const Network& network, const char* name, int number, const std::string& more) {
    std::string text =
        fmt::format("      - {{name: {}, addressPrefix: {}/24{}", name, network.address(number, 0), more);
    if (const std::string group = group_name(); !group.empty()) text += ", networkSecurityGroup: " + group;
    if (dice_.one_in(3)) text += fmt::format(", routeTable: rt-{}", 1 + dice_.below(2));
    return text + "}\n";
  }

  std::string peerings_of(const Network& network) {
    std::string text;
    for (const auto& [one, other] : peered_) {
      const Network& a = networks_[static_cast<std::size_t>(one)];
      const Network& b = networks_[static_cast<std::size_t>(other)];
      if (a.name != network.name && b.name != network.name) continue;
      if (dice_.one_in(25)) continue;  // one link is missing
      const Network& remote = a.name == network.name ? b : a;
      const char* state = dice_.one_in(12) ? "Initiated" : "Connected";
      const bool uses = !network.gateway && remote.gateway && !remote_used_.contains(network.name) && dice_.most();
      if (uses) remote_used_.insert(network.name);
      text += fmt::format(
          "      - {{name: to-{}, remoteVirtualNetwork: {}, peeringState: {}, allowVirtualNetworkAccess: {}, "
          "allowForwardedTraffic: {}, allowGatewayTransit: {}, useRemoteGateways: {}}}\n",
          remote.name, remote.name, state, dice_.most(), !dice_.one_in(3), network.gateway && dice_.most(), uses);
    }
    return text.empty() ? text : "    peerings:\n" + text;
  }

  std::string virtual_networks() {
    for (int i = 0; i < static_cast<int>(networks_.size()); ++i)
      for (int j = i + 1; j < static_cast<int>(networks_.size()); ++j)
        if (!dice_.one_in(4)) peered_.emplace_back(i, j);
    std::string text = "virtualNetworks:\n";
    const Words policies{"Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"};
    for (const Network& network : networks_) {
      text += fmt::format("  - name: {}\n    addressPrefixes: [{}]\n    subnets:\n", network.name, network.prefix());
      text += subnet(network, "snet-a", 1, "");
      text += subnet(network, "snet-b", 2, ", delegations: [Microsoft.DBforPostgreSQL/flexibleServers]");
      if (network.appliance) text += subnet(network, "snet-fw", 3, "");
      if (network.endpoint)
        text += subnet(network, "snet-pe", 4, ", privateEndpointNetworkPolicies: " + dice_.of(policies));
      if (network.gateway)
        text += fmt::format("      - {{name: GatewaySubnet, addressPrefix: {}/24}}\n", network.address(255, 0));
      text += peerings_of(network);
    }
    return text;
  }

  std::string side(const char* which, bool tags) {
    const int kind = dice_.below(tags ? 8 : 5);
    if (kind == 7) return fmt::format("{}ApplicationSecurityGroups: [asg-{}]", which, dice_.one_in(2) ? "a" : "b");
    if (kind == 6) return fmt::format("{}AddressPrefix: {}", which, dice_.one_in(3) ? "Sql" : "Internet");
    if (kind == 5) return fmt::format("{}AddressPrefix: VirtualNetwork", which);
    if (kind <= 1) return fmt::format("{}AddressPrefix: \"*\"", which);
    if (kind == 2) return fmt::format("{}AddressPrefixes: [{}, {}]", which, dice_.of(prefixes_), dice_.of(prefixes_));
    return fmt::format("{}AddressPrefix: {}", which, dice_.of(prefixes_));
  }

  std::string rule(int number, int priority, bool nsg, bool may_deny = true) {
    const Words protocols{"Tcp", "Tcp", "*", "Udp"};
    const Words ports{"\"*\"", "\"*\"", "\"5432\"", "\"5000-6000\"", "\"5433\"", "\"22\""};
    const Words source_ports{"\"*\"", "\"*\"", "\"*\"", "\"*\"", "1024-65535", "\"80\""};
    std::string text = fmt::format("      - {{name: rule-{}, ", number);
    if (nsg) text += fmt::format("priority: {}, ", priority);
    text += fmt::format("direction: {}, access: {}, protocol: \"{}\", {}, {}, destinationPortRange: {}",
                        dice_.one_in(2) ? "Inbound" : "Outbound", dice_.one_in(2) || !may_deny ? "Allow" : "Deny",
                        dice_.of(protocols), side("source", nsg), side("destination", nsg), dice_.of(ports));
    if (nsg) text += fmt::format(", sourcePortRange: {}", dice_.of(source_ports));
    return text + "}\n";
  }

  std::string groups() {
    std::string text = "networkSecurityGroups:\n";
    for (int i = 1; i <= 3; ++i) {
      text += fmt::format("  - name: nsg-{}\n    securityRules:\n", i);
      const int rules = 1 + dice_.below(5);
      for (int j = 1; j <= rules; ++j) text += rule(j, 100 * j, true);
    }
    return text;
  }

  /// Each priority once, because nobody says which of two rules with one priority comes first.
  std::string admin_rules() {
    if (!dice_.one_in(3)) return "";
    std::string text = "networkGroups:\n  - {name: ng-all, staticMembers: [";
    for (const Network& network : networks_)
      if (&network == &networks_.front() || dice_.most())
        text += (&network == &networks_.front() ? "" : ", ") + network.name;
    text +=
        "]}\nsecurityAdminConfigurations:\n  - name: sac\n    ruleCollections:\n      - name: rc\n"
        "        appliesToGroups: [ng-all]\n        rules:\n";
    const Words accesses{"Allow", "Deny", "AlwaysAllow"};
    const Words ends{"\"*\"", "VirtualNetwork", "Internet"};
    const Words ports{"\"*\"", "\"5432\"", "\"5000-6000\"", "\"22\""};
    const auto end = [&] { return dice_.one_in(2) ? dice_.of(prefixes_) : dice_.of(ends); };
    const int rules = 1 + dice_.below(4);
    for (int j = 1; j <= rules; ++j)
      text += fmt::format(
          "          - {{name: admin-{}, priority: {}, direction: {}, access: {}, protocol: {}, sources: [{}], "
          "destinations: [{}], destinationPortRanges: [{}]}}\n",
          j, 10 * j, dice_.one_in(2) ? "Inbound" : "Outbound", dice_.of(accesses), dice_.one_in(3) ? "Any" : "Tcp",
          end(), end(), dice_.of(ports));
    return text;
  }

  std::string acl_entry(int number, bool egress) {
    const Words ranges{"{from: 0, to: 65535}", "{from: 1024, to: 65535}", "{from: 5432, to: 5432}",
                       "{from: 0, to: 1023}"};
    const std::string protocol = dice_.one_in(3) ? "\"-1\"" : "tcp";
    return fmt::format("          - {{ruleNumber: {}, egress: {}, protocol: {}, ruleAction: {}, cidrBlock: {}{}}}\n",
                       number, egress, protocol, dice_.one_in(3) ? "deny" : "allow",
                       dice_.one_in(2) ? "0.0.0.0/0" : dice_.of(prefixes_),
                       protocol == "tcp" ? ", portRange: " + dice_.of(ranges) : "");
  }

  /// Both machines of the site stand in subnets of their own.
  std::string network_acls(int site) {
    if (dice_.one_in(2)) return "";
    std::string text = "    networkAcls:\n";
    for (const auto& [name, half] : {std::pair{"acl-low", 0}, {"acl-high", 16}}) {
      text += fmt::format("      - name: {}\n        associations: [192.168.{}.{}/28]\n        entries:\n", name, site,
                          half);
      for (const bool egress : {false, true}) {
        const int entries = 1 + dice_.below(3);
        for (int j = 1; j <= entries; ++j) text += acl_entry(10 * j, egress);
      }
    }
    return text;
  }

  std::string next_hop() {
    const int kind = dice_.below(8);
    if (kind == 0) return "nextHopType: None";
    if (kind == 1) return "nextHopType: VnetLocal";
    if (kind == 2) return "nextHopType: Internet";
    if (kind == 3) return "nextHopType: VirtualNetworkGateway";
    if (appliances_.empty()) return "nextHopType: None";
    return "nextHopType: VirtualAppliance, nextHopIpAddress: " + dice_.of(appliances_);
  }

  std::string tables() {
    std::string text = "routeTables:\n";
    for (int i = 1; i <= 2; ++i) {
      text += fmt::format("  - name: rt-{}\n    disableBgpRoutePropagation: {}\n    routes:\n", i, dice_.one_in(4));
      std::set<std::string> taken;
      const int routes = 1 + dice_.below(3);
      for (int j = 1; j <= routes; ++j) {
        const std::string prefix = dice_.one_in(5) ? "0.0.0.0/0" : dice_.of(prefixes_);
        if (taken.insert(prefix).second)
          text += fmt::format("      - {{name: route-{}, addressPrefix: {}, {}}}\n", j, prefix, next_hop());
      }
    }
    return text;
  }

  std::string appliances() {
    std::string text;
    for (const Network& network : networks_)
      if (network.appliance)
        text += fmt::format(
            "  - {{name: fw-{}, virtualNetwork: {}, subnet: snet-fw, ipAddress: {}, enableIPForwarding: {}, forwards: "
            "{}}}\n",
            network.number, network.name, network.address(3, 4), !dice_.one_in(15), !dice_.one_in(15));
    return text.empty() ? text : "networkAppliances:\n" + text;
  }

  std::string gateways() {
    std::string text;
    for (const Network& network : networks_) {
      if (!network.gateway) continue;
      text += fmt::format("  - name: vgw-{}\n    virtualNetwork: {}\n    gatewayType: {}\n", network.number,
                          network.name, dice_.one_in(4) ? "ExpressRoute" : "Vpn");
      std::string connections;
      for (int site = 1; site <= site_count_; ++site)
        if (!dice_.one_in(3))
          connections += fmt::format("      - {{name: to-{0}, site: site-{0}, connectionStatus: {1}}}\n", site,
                                     dice_.one_in(10) ? "NotConnected" : "Connected");
      if (!connections.empty()) text += "    connections:\n" + connections;
    }
    return text.empty() ? text : "virtualNetworkGateways:\n" + text;
  }

  std::string site_rules(const std::string& kind) {
    if (dice_.one_in(3))
      return "    firewallRules:\n      - {name: in, direction: Inbound, access: Allow, protocol: Tcp}\n      - {name: "
             "out, direction: Outbound, access: Allow, protocol: Tcp}\n";
    std::string text = "    firewallRules:\n";
    const int rules = 1 + dice_.below(4);
    for (int j = 1; j <= rules; ++j) text += rule(j, 0, false, kind != "aws");
    return text;
  }

  std::string sites() {
    std::string text;
    const Words kinds{"onPremises", "aws", "gcp"};
    for (int i = 1; i <= site_count_; ++i) {
      const std::string& kind = dice_.of(kinds);
      text += fmt::format("  - name: site-{}\n    kind: {}\n    addressPrefixes: [{}]\n", i, kind, site_prefix(i));
      if (dice_.one_in(3)) text += fmt::format("    routes: [{}, {}]\n", dice_.of(prefixes_), dice_.of(prefixes_));
      text += site_rules(kind);
      if (kind == "aws") text += network_acls(i);
    }
    return text.empty() ? text : "sites:\n" + text;
  }

  std::string endpoints() {
    std::string text;
    for (const Network& network : networks_)
      if (network.endpoint)
        text += fmt::format(
            "  - {{name: pe-{}, virtualNetwork: {}, subnet: snet-pe, privateIPAddress: {}, privateLinkService: "
            "behind-{}, connectionState: {}}}\n",
            network.number, network.name, network.address(4, 4), network.number,
            dice_.one_in(8) ? "Pending" : "Approved");
    return text.empty() ? text : "privateEndpoints:\n" + text;
  }

  std::string servers() {
    std::string text = "servers:\n";
    for (const Network& network : networks_) {
      if (dice_.most())
        text += fmt::format(
            "  - {{name: db-{}, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: {}, subnet: snet-b, "
            "ipAddress: {}}}\n",
            network.number, network.name, network.address(2, 4));
      if (network.endpoint)
        text += fmt::format("  - {{name: behind-{}, kind: flexibleServer, access: privateEndpoint}}\n", network.number);
      if (dice_.one_in(3)) {
        const bool known = dice_.one_in(2);
        text += fmt::format(
            "  - {{name: vm-{}, kind: azureVm, access: private, virtualNetwork: {}, subnet: snet-a, ipAddress: "
            "{}{}{}}}\n",
            network.number, network.name, network.address(1, 5),
            known ? fmt::format(", publicIpAddress: 20.0.0.{}", network.number) : "",
            dice_.one_in(2) ? ", port: 5433" : "");
      }
    }
    const Words lists{"[]", "[{name: some, startIpAddress: 20.0.0.1, endIpAddress: 20.0.0.2}]",
                      "[{name: azure, startIpAddress: 0.0.0.0, endIpAddress: 0.0.0.0}]",
                      "[{name: all, startIpAddress: 0.0.0.0, endIpAddress: 255.255.255.255}]"};
    if (dice_.one_in(2))
      text +=
          fmt::format("  - {{name: open-db, kind: {}, access: public, publicIpAddress: 52.1.1.4, firewallRules: {}}}\n",
                      dice_.one_in(3) ? "otherCloud" : "flexibleServer", dice_.of(lists));
    for (int i = 1; i <= site_count_; ++i)
      text += fmt::format(
          "  - {{name: site-db-{0}, kind: onPremises, access: private, site: site-{0}, ipAddress: 192.168.{0}.20}}\n",
          i);
    return text == "servers:\n" ? "" : text;
  }

  std::string hosts() {
    std::string text = "hosts:\n";
    for (const Network& network : networks_) {
      text += fmt::format("  - {{name: host-{}, virtualNetwork: {}, subnet: snet-a, ipAddress: {}", network.number,
                          network.name, network.address(1, 4));
      if (const std::string group = group_name(); !group.empty()) text += ", networkSecurityGroup: " + group;
      if (dice_.one_in(3)) text += fmt::format(", applicationSecurityGroups: [asg-{}]", dice_.one_in(2) ? "a" : "b");
      text += "}\n";
    }
    for (int i = 1; i <= site_count_; ++i)
      text += fmt::format("  - {{name: site-host-{0}, site: site-{0}, ipAddress: 192.168.{0}.4}}\n", i);
    return text;
  }

  Dice dice_;
  std::vector<Network> networks_;
  std::vector<std::pair<int, int>> peered_;
  std::set<std::string> remote_used_;
  int site_count_ = 0;
  Words prefixes_, appliances_;
};

}  // namespace

std::string random_topology(std::uint32_t seed) { return Generator{seed}.text(); }

}  // namespace pgpassage::referee
