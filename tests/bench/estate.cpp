#include "tests/bench/estate.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

namespace pgpassage::bench {
namespace {

constexpr int subnets_of_network = 4;
constexpr int networks_of_block = 512;  // a /13 of /22s for each group

using Buffer = fmt::memory_buffer;

template <class... Args>
void put(Buffer& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

/// 10.0.0.0/8 in /24s.
std::string third(int group, int network, int subnet) {
  const int index = (group * networks_of_block + network) * subnets_of_network + subnet;
  return fmt::format("10.{}.{}", index / 256, index % 256);
}

std::string name_of(int group, int network) {
  return network == 0 ? fmt::format("vnet-hub-{:02}", group) : fmt::format("vnet-spoke-{:02}-{:03}", group, network);
}

constexpr std::array hub_subnets{"snet-fw", "GatewaySubnet", "snet-shared", "snet-runtime"};
constexpr std::array spoke_subnets{"snet-app", "snet-data", "snet-tools", "snet-endpoints"};

class Estate {
 public:
  explicit Estate(const EstateSize& size) : size_{size}, random_{size.seed} {}

  std::string text() {
    put(text_, R"({{"apiVersion": "pgpassage/v1", "metadata": {{"name": "estate"}},{})", "\n");
    list("virtualNetworks", size_.groups * size_.networks,
         [&](int i) { network(i / size_.networks, i % size_.networks); });
    put(text_, ",\n");
    list("networkSecurityGroups", size_.groups * size_.networks * subnets_of_network, [&](int i) {
      group(i / subnets_of_network / size_.networks, i / subnets_of_network % size_.networks, i % subnets_of_network);
    });
    put(text_, ",\n");
    list("routeTables", size_.groups * size_.networks, [&](int i) { table(i / size_.networks, i % size_.networks); });
    put(text_, ",\n");
    list("networkAppliances", size_.groups, [&](int i) {
      put(text_, R"({{"name": "fw-{:02}", "virtualNetwork": "{}", "subnet": "snet-fw", "ipAddress": "{}.4"}})", i,
          name_of(i, 0), third(i, 0, 0));
    });
    put(text_, ",\n");
    list("virtualNetworkGateways", size_.groups, [&](int i) {
      put(text_,
          R"({{"name": "vgw-{0:02}", "virtualNetwork": "{1}", "gatewayType": "Vpn", "connections": [{{"name": "to-site", "site": "site-{0:02}", "connectionStatus": "Connected"}}]}})",
          i, name_of(i, 0));
    });
    put(text_, ",\n");
    list("sites", size_.groups, [&](int i) {
      put(text_,
          R"({{"name": "site-{0:02}", "kind": "onPremises", "addressPrefixes": ["192.168.{0}.0/24"], "firewallRules": [{{"name": "all", "direction": "Inbound", "access": "Allow", "protocol": "*", "sourceAddressPrefix": "10.0.0.0/8", "destinationAddressPrefix": "*", "destinationPortRange": "*"}}]}})",
          i);
    });
    put(text_, ",\n");
    list("servers", size_.groups * 2, [&](int i) { server(i / 2, i % 2); });
    put(text_, "{}", R"(, "migration": {"name": "orders", "source": "source-00", "target": "target-00"})");
    put(text_, "}}\n");
    return fmt::to_string(text_);
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }
  template <class Choices>
  const char* one_of(const Choices& choices) {
    return choices[below(static_cast<unsigned>(choices.size()))];
  }

  template <class Item>
  void list(const char* key, int count, Item item) {
    put(text_, R"("{}": [{})", key, "\n");
    bool first = true;
    for (int i = 0; i < count; ++i) {
      const std::size_t before = text_.size();
      if (!first) put(text_, ",\n");
      const std::size_t start = text_.size();
      item(i);
      if (text_.size() == start)
        text_.resize(before);
      else
        first = false;
    }
    put(text_, "]");
  }

  bool has_table(int network) const { return network == 0 || size_.dense || network % 2 == 0; }

  void peering(const std::string& remote, bool first, bool to_hub, bool from_hub) {
    put(text_,
        R"({}{{"name": "to-{}", "remoteVirtualNetwork": "{}", "peeringState": "Connected", "allowVirtualNetworkAccess": true, "allowForwardedTraffic": true, "allowGatewayTransit": {}, "useRemoteGateways": {}}})",
        first ? "" : ", ", remote, remote, from_hub, to_hub);
  }

  void network(int group, int index) {
    put(text_, R"({{"name": "{}", "location": "westeurope", "addressPrefixes": ["{}.0/22"], "subnets": [)",
        name_of(group, index), third(group, index, 0));
    for (int i = 0; i < subnets_of_network; ++i) {
      const char* subnet =
          index == 0 ? hub_subnets[static_cast<std::size_t>(i)] : spoke_subnets[static_cast<std::size_t>(i)];
      const bool gateway = index == 0 && i == 1;
      put(text_, R"({}{{"name": "{}", "addressPrefix": "{}.0/24")", i == 0 ? "" : ", ", subnet, third(group, index, i));
      if (!gateway) put(text_, R"(, "networkSecurityGroup": "nsg-{:02}-{:03}-{}")", group, index, i);
      if (has_table(index) && (index == 0 ? i == 0 : i < 3))
        put(text_, R"(, "routeTable": "rt-{:02}-{:03}")", group, index);
      put(text_, "}}");
    }
    put(text_, R"(], "peerings": [)");
    if (index != 0) {
      peering(name_of(group, 0), true, true, false);
    } else {
      for (int i = 1; i < size_.networks; ++i) peering(name_of(group, i), i == 1, false, true);
      for (int other = 0; size_.dense && other < size_.groups; ++other)
        if (other != group) peering(name_of(other, 0), false, false, false);
    }
    put(text_, "]}}");
  }

  std::string some_prefix(int group) {
    switch (below(8)) {
      case 0: return "*";
      case 1: return "VirtualNetwork";
      case 2: return fmt::format("10.{}.0.0/13", group * 8);
      case 3: return "10.0.0.0/8";
      case 4: return fmt::format("192.168.{}.0/24", group);
      case 5:
        return fmt::format(
            "{}.{}/32",
            third(group, static_cast<int>(below(static_cast<unsigned>(size_.networks))), static_cast<int>(below(4))),
            4 + below(200));
      default:
        return fmt::format("{}.0/24", third(static_cast<int>(below(static_cast<unsigned>(size_.groups))),
                                            static_cast<int>(below(static_cast<unsigned>(size_.networks))),
                                            static_cast<int>(below(4))));
    }
  }

  void rule(int group, const std::string& own, int priority) {
    static constexpr std::array protocols{"Tcp", "Tcp", "Tcp", "*", "Udp"};
    static constexpr std::array ports{"5432", "5432", "443", "22", "80", "1433", "5000-6500", "8080", "*", "3389"};
    const bool inbound = below(2) == 0, own_side = below(2) == 0;
    const std::string other = some_prefix(group), mine = own_side ? own : "*";
    put(text_,
        R"({{"name": "rule-{}", "priority": {}, "direction": "{}", "access": "{}", "protocol": "{}", "sourceAddressPrefix": "{}", "sourcePortRange": "*", "destinationAddressPrefix": "{}", "destinationPortRange": "{}"}})",
        priority, priority, inbound ? "Inbound" : "Outbound", below(4) == 0 ? "Deny" : "Allow", one_of(protocols),
        inbound ? other : mine, inbound ? mine : other, one_of(ports));
  }

  void group(int group, int network, int subnet) {
    if (network == 0 && subnet == 1) return;
    put(text_, R"({{"name": "nsg-{:02}-{:03}-{}", "securityRules": [)", group, network, subnet);
    const std::string own = third(group, network, subnet) + ".0/24";
    for (int i = 0; i < size_.rules; ++i) {
      put(text_, "{}", i == 0 ? "\n" : ",\n");
      rule(group, own, 100 + 10 * i);
    }
    put(text_, "]}}");
  }

  void table(int group, int network) {
    if (!has_table(network)) return;
    put(text_, R"({{"name": "rt-{:02}-{:03}", "routes": [)", group, network);
    if (network == 0) {
      bool first = true;
      for (int other = 0; size_.dense && other < size_.groups; ++other) {
        if (other == group) continue;
        put(text_,
            R"({}{{"name": "to-{:02}", "addressPrefix": "10.{}.0.0/13", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "{}.4"}})",
            first ? "" : ", ", other, other * 8, third(other, 0, 0));
        first = false;
      }
    } else {
      for (const char* prefix : {"0.0.0.0/0", "10.0.0.0/8"})
        put(text_,
            R"({}{{"name": "by-firewall-{}", "addressPrefix": "{}", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "{}.4"}})",
            prefix[0] == '0' ? "" : ", ", prefix[0] == '0' ? 1 : 2, prefix, third(group, 0, 0));
    }
    put(text_, "]}}");
  }

  void server(int group, int index) {
    if (index == 0)
      put(text_,
          R"({{"name": "source-{0:02}", "kind": "onPremises", "access": "private", "site": "site-{0:02}", "ipAddress": "192.168.{0}.20"}})",
          group);
    else
      put(text_,
          R"({{"name": "target-{:02}", "kind": "flexibleServer", "access": "vnetIntegrated", "virtualNetwork": "{}", "subnet": "snet-data", "ipAddress": "{}.4"}})",
          group, name_of(group, 1), third(group, 1, 1));
  }

  EstateSize size_;
  std::mt19937 random_;
  Buffer text_;
};

}  // namespace

std::string estate_json(const EstateSize& size) { return Estate{size}.text(); }

}  // namespace pgpassage::bench
