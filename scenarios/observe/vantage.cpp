#include "scenarios/observe/vantage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pgpassage::scenarios {
namespace {

bool contains(const Places& places, const std::string& name) {
  return std::find(places.here.begin(), places.here.end(), name) != places.here.end();
}

// One virtual network has one set of DNS servers, so the same network is the same DNS as well.
bool same_network(const Host& host, const Server& role) {
  if (!role.virtual_network.empty()) return host.virtual_network == role.virtual_network;
  return !role.site.empty() && host.site == role.site;
}

std::string evidence_about(const Places& places, const std::string& name) {
  const auto found = places.evidence.find(name);
  return found == places.evidence.end() ? std::string{} : ": " + found->second;
}

NotProbed from_managed_server(const Topology& topology, const Server& role, const Places& places) {
  const std::string start =
      fmt::format("it starts at {}, a {}, on which nothing of yours can run", role.name, to_string(role.kind));
  for (const Host& host : topology.hosts) {
    if (host.stands_for != role.name) continue;
    if (!same_network(host, role))
      return {
          fmt::format("{}, and {}, which stands for it, lies in another network: what it sees is no evidence for {}",
                      start, host.name, role.name),
          fmt::format("Run pgpassage on a machine of {}'s own network, named under hosts: with standsFor: {}",
                      role.name, role.name)};
    if (!contains(places, host.name))
      return {fmt::format("{}, and this machine is not {}, which stands for it{}", start, host.name,
                          evidence_about(places, host.name)),
              fmt::format("Run pgpassage on {} ({})", host.name, host.ip_address.to_string())};
  }
  return {start,
          fmt::format("Add a machine of its network to hosts: with standsFor: {}, and run pgpassage there", role.name)};
}

}  // namespace

bool runs_user_processes(ServerKind kind) { return kind == ServerKind::azure_vm || kind == ServerKind::on_premises; }

std::optional<std::string> vantage_of(const Topology& topology, const Start& start, const Places& places) {
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

NotProbed why_not_probed(const Topology& topology, const Start& start, const Places& places) {
  const Server* server = find_server(topology, start.from);
  if (server != nullptr && !runs_user_processes(server->kind)) return from_managed_server(topology, *server, places);
  const Host* host = find_host(topology, start.from);
  std::string address;
  if (host != nullptr) address = fmt::format(" ({})", host->ip_address.to_string());
  if (server != nullptr && server->ip_address) address = fmt::format(" ({})", server->ip_address->to_string());
  return {
      fmt::format("it starts at {}, and this machine is not there{}", start.from, evidence_about(places, start.from)),
      fmt::format("Run pgpassage on {}{}", start.from, address)};
}

}  // namespace pgpassage::scenarios
