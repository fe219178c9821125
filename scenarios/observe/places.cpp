#include "scenarios/observe/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <charconv>
#include <cstdint>
#include <set>
#include <sstream>

#include "netcheck/base/azure_dns.hpp"
#include "scenarios/observe/vantage.hpp"

namespace pgpassage::scenarios {
namespace {

/// A server or host as a place that may be here.
struct Candidate {
  const std::string& name;
  IpAddress address;
  const std::string& virtual_network;
  const std::string& subnet;
  const std::string& site;
};

std::vector<Candidate> candidates(const Topology& topology) {
  std::vector<Candidate> all;
  for (const Server& each : topology.servers)
    if (runs_user_processes(each.kind) && each.ip_address)
      all.push_back({each.name, *each.ip_address, each.virtual_network, each.subnet, each.site});
  for (const Host& each : topology.hosts)
    all.push_back({each.name, each.ip_address, each.virtual_network, each.subnet, each.site});
  return all;
}

IpAddress azure_gateway(const Cidr& subnet) { return IpAddress::from_ipv4(subnet.first().ipv4() + 1); }

/// What speaks against this address being the place's in that subnet; empty when nothing does.
std::string against(const LocalAddress& local, const std::string& name, const Cidr& subnet) {
  if (local.network != subnet)
    return fmt::format("the network of {} is {}, and {} is {}: it may be another network with the same addresses",
                       local.interface, local.network.to_string(), name, subnet.to_string());
  const bool gateway_inside = local.gateway && subnet.contains(*local.gateway) && local.gateway->bits() == 32;
  if (gateway_inside && *local.gateway != azure_gateway(subnet))
    return fmt::format(
        "its gateway is {}, and Azure's in {} would be {}: it may be another network with the same "
        "addresses",
        local.gateway->to_string(), name, azure_gateway(subnet).to_string());
  return {};
}

/// The DNS server of the file's network that this machine asks too.
std::string name_server_of(const Topology& topology, const Candidate& candidate, const Machine& machine) {
  std::vector<IpAddress> due;
  if (const Site* site = find_site(topology, candidate.site))
    due = site->dns_servers.value_or(std::vector<IpAddress>{});
  if (const VirtualNetwork* network = find_virtual_network(topology, candidate.virtual_network))
    due = network->dns_servers.empty() ? std::vector{azure_dns} : network->dns_servers;
  const auto asked = std::ranges::find_first_of(machine.name_servers, due);
  return asked == machine.name_servers.end() ? std::string{} : asked->to_string();
}

struct Judged {
  bool here = false;
  std::string evidence;
};

Judged judge(const Topology& topology, const Candidate& candidate, const LocalAddress& local, const Machine& machine) {
  const Subnet* subnet = find_subnet(topology, candidate.virtual_network, candidate.subnet);
  const std::string has = fmt::format("this machine has {} on {}", local.address.to_string(), local.interface);
  const bool bare = local.loopback || local.network.length() == local.address.bits();
  std::string says;
  if (subnet != nullptr && !bare) {
    const auto around =
        std::ranges::find_if(subnet->prefixes, [&](const Cidr& prefix) { return prefix.contains(candidate.address); });
    if (around != subnet->prefixes.end()) {
      if (const std::string why = against(local, subnet->name, *around); !why.empty())
        return {false, fmt::format("{}, but {}", has, why)};
      says = fmt::format(" in {}, which is {}", around->to_string(), subnet->name);
      if (local.gateway == azure_gateway(*around)) says += ", behind Azure's gateway";
    }
  }
  if (const std::string server = name_server_of(topology, candidate, machine); !server.empty())
    says += fmt::format(" and asks {} for names as {} does", server,
                        candidate.site.empty() ? candidate.virtual_network : candidate.site);
  if (says.empty() && !local.address.global()) says = "; nothing else tells it from another machine of that address";
  return {true, has + says};
}

}  // namespace

Places places_of(const Topology& topology, const Machine& machine) {
  Places places;
  for (const Candidate& candidate : candidates(topology))
    for (const LocalAddress& local : machine.addresses) {
      if (local.address != candidate.address) continue;
      Judged judged = judge(topology, candidate, local, machine);
      places.evidence[candidate.name] = std::move(judged.evidence);
      if (!judged.here) continue;
      places.here.push_back(candidate.name);
      break;
    }
  return places;
}

std::map<std::string, IpAddress> default_gateways(const std::string& proc_net_route) {
  std::map<std::string, IpAddress> gateways;
  std::istringstream lines{proc_net_route};
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line);) {  // the first line has the headings
    std::istringstream fields{line};
    std::string interface, destination, gateway, skip, mask;
    fields >> interface >> destination >> gateway >> skip >> skip >> skip >> skip >> mask;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(gateway.data(), gateway.data() + gateway.size(), number, 16);
    if (error != std::errc{} || destination != "00000000" || mask != "00000000" || number == 0) continue;
    // The kernel prints the bytes as they lie in memory.
    gateways.emplace(interface, IpAddress::from_ipv4(boost::endian::big_to_native(number)));
  }
  return gateways;
}

}  // namespace pgpassage::scenarios
