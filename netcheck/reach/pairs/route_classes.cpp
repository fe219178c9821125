#include "netcheck/reach/pairs/route_classes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "netcheck/reach/pairs/landmarks.hpp"

namespace pgpassage::netcheck {
namespace {

/// What else the file says about VNets, by name.
struct Surroundings {
  Landmarks landmarks;
  std::unordered_map<std::string_view, const VirtualNetwork*> networks;
  std::unordered_set<std::string_view> referred;  ///< VNets that hold a gateway or an appliance
  std::unordered_map<std::string_view, std::vector<std::string_view>> named_by;  ///< VNets whose peerings lead here
  std::unordered_map<std::string_view, std::vector<std::string>> endpoints;
  std::unordered_map<std::string_view, std::string> groups;               ///< network groups, of admin rules
  std::set<std::pair<std::string_view, std::string_view>> named_subnets;  ///< in virtual network rules
};

std::string endpoint_text(const PrivateEndpoint& endpoint, const VirtualNetwork& network) {
  const Subnet* subnet = find_subnet(network, endpoint.subnet);
  return fmt::format("{} {}", to_string(endpoint.connection_state),
                     subnet == nullptr ? "" : to_string(subnet->private_endpoint_network_policies));
}

Surroundings surroundings_of(const Topology& topology) {
  Surroundings all{Landmarks{topology}, {}, {}, {}, {}, {}, {}};
  for (const VirtualNetwork& network : topology.virtual_networks) {
    all.networks.emplace(network.name, &network);
    for (const Peering& peering : network.peerings)
      all.named_by[peering.remote_virtual_network].push_back(network.name);
  }
  for (const NetworkAppliance& appliance : topology.network_appliances) all.referred.insert(appliance.virtual_network);
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
    all.referred.insert(gateway.virtual_network);
  for (const PrivateEndpoint& endpoint : topology.private_endpoints)
    if (const auto network = all.networks.find(endpoint.virtual_network); network != all.networks.end())
      all.endpoints[endpoint.virtual_network].push_back(endpoint_text(endpoint, *network->second));
  for (auto& [name, texts] : all.endpoints) std::sort(texts.begin(), texts.end());
  for (const NetworkGroup& group : topology.network_groups)
    for (const std::string& member : group.static_members) all.groups[member] += group.name + ",";
  for (const Server& server : topology.servers)
    for (const SubnetReference& rule : server.virtual_network_rules)
      all.named_subnets.emplace(rule.virtual_network, rule.subnet);
  return all;
}

std::string flags_of(const Peering* peering) {
  if (peering == nullptr) return "none";
  return fmt::format("{}{:d}{:d}{:d}{:d}", to_string(peering->state), peering->allow_virtual_network_access,
                     peering->allow_forwarded_traffic, peering->allow_gateway_transit, peering->use_remote_gateways);
}

std::string peerings_of(const VirtualNetwork& network, const Surroundings& all) {
  std::vector<std::string> texts;
  for (const Peering& peering : network.peerings) {
    const auto remote = all.networks.find(peering.remote_virtual_network);
    const Peering* far = remote == all.networks.end() ? nullptr : find_peering(*remote->second, network.name);
    texts.push_back(fmt::format("{} {}/{}", peering.remote_virtual_network, flags_of(&peering), flags_of(far)));
  }
  std::sort(texts.begin(), texts.end());
  if (const auto named = all.named_by.find(network.name); named != all.named_by.end()) {
    std::vector<std::string_view> names = named->second;
    std::sort(names.begin(), names.end());
    texts.push_back(fmt::format("named by {}", fmt::join(names, ",")));
  }
  return fmt::format("{}", fmt::join(texts, "\n"));
}

std::string text_of(const VirtualNetwork& network, const Surroundings& all) {
  if (all.referred.contains(network.name) || all.landmarks.overlaps(network)) return "itself " + network.name;
  std::string text =
      fmt::format("{}\n{}\n{}", network.azure_location, peerings_of(network, all), all.landmarks.routes_into(network));
  for (const Cidr& prefix : network.address_prefixes)
    text += fmt::format("v{} {}\n", prefix.address().bits(), all.landmarks.around(prefix, nullptr));
  if (const auto groups = all.groups.find(network.name); groups != all.groups.end()) text += groups->second + "\n";
  if (const auto endpoints = all.endpoints.find(network.name); endpoints != all.endpoints.end())
    text += fmt::format("{}\n", fmt::join(endpoints->second, "\n"));
  return text;
}

// Admin rules leave out some of the subnets that are named for what Azure puts there.
bool is_for_azure(std::string_view subnet) {
  return subnet == "GatewaySubnet" || subnet.starts_with("Azure") || subnet == "RouteServerSubnet";
}

std::string text_of(const Node& node, const Surroundings& all) {
  const Subnet& subnet = *node.subnet;
  const VirtualNetwork& network = *node.network;
  std::string text =
      fmt::format("{}\n{:d} {} {}|{}\n", all.landmarks.table_of(network, subnet),
                  !subnet.network_security_group.empty(), to_string(subnet.private_endpoint_network_policies),
                  fmt::join(subnet.delegations, ","), fmt::join(subnet.service_endpoints, ","));
  for (const Cidr& prefix : node.end.address.prefixes)
    text += fmt::format("v{} {}\n", prefix.address().bits(), all.landmarks.around(prefix, &network));
  if (is_for_azure(subnet.name)) text += subnet.name + "\n";
  if (all.named_subnets.contains({network.name, subnet.name})) text += network.name + "/" + subnet.name;
  return text;
}

class Numbers {
 public:
  std::uint32_t of(std::string text) {
    return numbers_.emplace(std::move(text), static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  std::uint32_t count() const { return static_cast<std::uint32_t>(numbers_.size()); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace

Nearness nearness_of(const Node& one, const Node& other) {
  if (&one == &other) return Nearness::same_subnet;
  if (one.network == nullptr || one.network != other.network) return Nearness::apart;
  return one.subnet == other.subnet ? Nearness::same_subnet : Nearness::same_network;
}

RouteClasses route_classes_of(const Topology& topology, const Nodes& nodes) {
  const Surroundings all = surroundings_of(topology);
  RouteClasses classes;
  Numbers networks, numbers;
  for (const VirtualNetwork& network : topology.virtual_networks)
    classes.of_network.push_back(networks.of(text_of(network, all)));
  for (std::size_t i = 0; i < nodes.all.size(); ++i) {
    const Node& node = nodes.all[i];
    if (node.network == nullptr || node.subnet == nullptr || node.single) {
      classes.of_node.push_back(numbers.of(fmt::format("itself {}", i)));
      continue;
    }
    const auto network = static_cast<std::size_t>(node.network - topology.virtual_networks.data());
    classes.of_node.push_back(numbers.of(fmt::format("{} {}", classes.of_network[network], text_of(node, all))));
  }
  classes.count = numbers.count();
  return classes;
}

}  // namespace pgpassage::netcheck
