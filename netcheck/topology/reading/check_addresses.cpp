#include <fmt/format.h>

#include "netcheck/topology/reading/prefix_set.hpp"
#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

/// Azure keeps five addresses of a subnet: the first four and the last (azure-facts 2.3.2).
bool kept_by_azure(const Cidr& prefix, const IpAddress& address) {
  if (address.family() != IpAddress::Family::ipv4) return false;
  return address.ipv4() - prefix.first().ipv4() < 4 || address == prefix.last();
}

class Addresses {
 public:
  explicit Addresses(Resolving& all) : all_{all} {
    for (const VirtualNetwork& network : all.topology.virtual_networks) {
      networks_.emplace(network.name, PrefixSet{network.address_prefixes});
      for (const Subnet& subnet : network.subnets)
        subnets_.emplace(fmt::format("{}/{}", network.name, subnet.name), PrefixSet{subnet.prefixes});
    }
  }

  /// An address lies in its subnet, or at least in its network. An address that was not read is 0.0.0.0.
  void check(const Owner& of, std::string_view key, const IpAddress& address, const std::string& network,
             const std::string& subnet) {
    if (address == IpAddress{} || network.empty()) return;
    if (const auto found = subnets_.find(fmt::format("{}/{}", network, subnet)); found != subnets_.end()) {
      check_in(of, key, address, found->second, "subnet", subnet);
    } else if (const auto space = networks_.find(network); subnet.empty() && space != networks_.end()) {
      check_in(of, key, address, space->second, "virtual network", network);
    }
  }

  /// Azure gives an address of a network once. Only for objects that hold theirs alone.
  void check_alone(const Owner& of, std::string_view key, const IpAddress& address, const std::string& network) {
    if (address == IpAddress{} || network.empty()) return;
    const auto [taken, added] = taken_.emplace(fmt::format("{}/{}", network, address.to_string()), of);
    if (!added)
      all_.complain(of, key,
                    fmt::format("{} of {} {} is taken by {} {}", address.to_string(), of.noun, quoted(of.name),
                                taken->second.noun, quoted(taken->second.name)));
  }

 private:
  void check_in(const Owner& of, std::string_view key, const IpAddress& address, const PrefixSet& prefixes,
                std::string_view noun, const std::string& name) {
    if (prefixes.empty()) return;  // its own error
    const Cidr* prefix = prefixes.covering(address);
    if (prefix == nullptr)
      return all_.complain(of, key,
                           fmt::format("{} of {} {} lies outside {} {} ({})", address.to_string(), of.noun,
                                       quoted(of.name), noun, quoted(name), prefixes.first().to_string()));
    if (noun == "subnet" && kept_by_azure(*prefix, address))
      all_.complain(of, key,
                    fmt::format("{} of {} {} is one of the five addresses that Azure keeps in {}", address.to_string(),
                                of.noun, quoted(of.name), prefix->to_string()),
                    "the first four and the last address of a subnet are Azure's");
  }

  Resolving& all_;
  std::unordered_map<std::string, PrefixSet> networks_;
  std::unordered_map<std::string, PrefixSet> subnets_;
  std::unordered_map<std::string, Owner> taken_;
};

}  // namespace

void check_addresses(Resolving& all) {
  Addresses addresses{all};
  const Topology& topology = all.topology;
  for (const NetworkAppliance& appliance : topology.network_appliances) {
    const Owner of = owner("network appliance", appliance);
    addresses.check(of, "ipAddress", appliance.ip_address, appliance.virtual_network, appliance.subnet);
    addresses.check_alone(of, "ipAddress", appliance.ip_address, appliance.virtual_network);
  }
  for (const DnsServer& server : topology.dns_servers)
    addresses.check(owner("DNS server", server), "ipAddress", server.ip_address, server.virtual_network, server.subnet);
  for (const DnsInboundEndpoint& endpoint : topology.dns_inbound_endpoints) {
    const Owner of = owner("DNS inbound endpoint", endpoint);
    addresses.check(of, "ipAddress", endpoint.ip_address, endpoint.virtual_network, endpoint.subnet);
    addresses.check_alone(of, "ipAddress", endpoint.ip_address, endpoint.virtual_network);
  }
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    const Owner of = owner("private endpoint", endpoint);
    addresses.check(of, "privateIPAddress", endpoint.private_ip_address, endpoint.virtual_network, endpoint.subnet);
    addresses.check_alone(of, "privateIPAddress", endpoint.private_ip_address, endpoint.virtual_network);
  }
  for (const Server& server : topology.servers) {
    const Owner of = owner("server", server);
    addresses.check(of, "ipAddress", server.ip_address.value_or(IpAddress{}), server.virtual_network, server.subnet);
    addresses.check(of, "ipv6Address", server.ipv6_address.value_or(IpAddress{}), server.virtual_network,
                    server.subnet);
  }
  for (const Host& host : topology.hosts) {
    const Owner of = owner("host", host);
    addresses.check(of, "ipAddress", host.ip_address, host.virtual_network, host.subnet);
    addresses.check(of, "ipv6Address", host.ipv6_address.value_or(IpAddress{}), host.virtual_network, host.subnet);
  }
}

}  // namespace pgpassage::reading
