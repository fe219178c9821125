#include "scenarios/observe/vantage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::scenarios {
namespace {

bool contains(const std::vector<std::string>& places, const std::string& name) {
  return std::find(places.begin(), places.end(), name) != places.end();
}

// One virtual network has one set of DNS servers, so the same network is the same DNS as well.
bool same_network(const Host& host, const Server& role) {
  if (!role.virtual_network.empty()) return host.virtual_network == role.virtual_network;
  return !role.site.empty() && host.site == role.site;
}

std::string ways_to_stand_in(const Topology& topology, const Server& role, const std::vector<std::string>& places) {
  for (const Host& host : topology.hosts) {
    if (host.stands_for != role.name) continue;
    if (!same_network(host, role))
      return fmt::format("{}, which stands for it, lies in another network: what it sees is no evidence for {}",
                         host.name, role.name);
    if (!contains(places, host.name))
      return fmt::format("Run pgpassage on {} ({}), which stands for it", host.name, host.ip_address.to_string());
  }
  return fmt::format("Add a machine of its network to hosts: with standsFor: {}, and run pgpassage there", role.name);
}

}  // namespace

bool runs_user_processes(ServerKind kind) { return kind == ServerKind::azure_vm || kind == ServerKind::on_premises; }

std::optional<std::string> vantage_of(const Topology& topology, const Start& start,
                                      const std::vector<std::string>& places) {
  const auto standing = [](const std::string& host, const std::string& role) {
    return fmt::format("{}, standing for {}", host, role);
  };
  if (contains(places, start.from))
    return start.stands_for.empty() ? start.from : standing(start.from, start.stands_for);
  const Server* role = find_server(topology, start.from);
  if (role == nullptr) return std::nullopt;
  const auto host = std::find_if(topology.hosts.begin(), topology.hosts.end(), [&](const Host& each) {
    return each.stands_for == role->name && contains(places, each.name) && same_network(each, *role);
  });
  if (host == topology.hosts.end()) return std::nullopt;
  return standing(host->name, role->name);
}

std::string why_not_probed(const Topology& topology, const Start& start, const std::vector<std::string>& places) {
  const Server* server = find_server(topology, start.from);
  if (server != nullptr && !runs_user_processes(server->kind))
    return fmt::format("The flow starts at {}, a {}, on which nothing of yours can run. {}", server->name,
                       to_string(server->kind), ways_to_stand_in(topology, *server, places));
  const Host* host = find_host(topology, start.from);
  std::string address;
  if (host != nullptr) address = fmt::format(" ({})", host->ip_address.to_string());
  if (server != nullptr && server->ip_address) address = fmt::format(" ({})", server->ip_address->to_string());
  return fmt::format("The flow starts at {}, and this machine is not there. Run pgpassage on {}{}", start.from,
                     start.from, address);
}

}  // namespace pgpassage::scenarios
