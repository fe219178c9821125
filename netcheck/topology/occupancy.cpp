#include "netcheck/topology/occupancy.hpp"

namespace pgpassage {

std::set<IpAddress> machine_addresses(const Topology& topology) {
  std::set<IpAddress> taken;
  const auto take = [&](const std::optional<IpAddress>& address) {
    if (address) taken.insert(*address);
  };
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) take(endpoint.private_ip_address);
  for (const NetworkAppliance& appliance : topology.network_appliances) take(appliance.ip_address);
  for (const Host& host : topology.hosts) take(host.ip_address), take(host.ipv6_address);
  for (const Server& server : topology.servers)
    take(server.ip_address), take(server.ipv6_address), take(server.public_ip_address);
  return taken;
}

std::set<IpAddress> addresses_in_use(const Topology& topology) {
  std::set<IpAddress> taken = machine_addresses(topology);
  for (const DnsServer& server : topology.dns_servers) taken.insert(server.ip_address);
  for (const DnsInboundEndpoint& endpoint : topology.dns_inbound_endpoints) taken.insert(endpoint.ip_address);
  return taken;
}

}  // namespace pgpassage
