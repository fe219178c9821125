#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

const Site* site_of(const Topology& topology, const Server& server) {
  return server.site.empty() ? nullptr : find_site(topology, server.site);
}

bool in_wrong_cloud(const Server& server, const Site& site) {
  const bool amazon = server.kind == ServerKind::amazon_rds || server.kind == ServerKind::amazon_aurora;
  if (amazon) return site.kind != SiteKind::aws;
  if (server.kind == ServerKind::google_cloud_sql) return site.kind != SiteKind::gcp;
  return server.kind == ServerKind::on_premises && site.kind != SiteKind::on_premises;
}

std::string placed(const Server& server) { return server.site.empty() ? server.virtual_network : server.site; }

/// Why the declared access and the rest of the file cannot both be right; empty when they agree.
std::string contradiction(const Topology& topology, const Server& server) {
  const PrivateEndpoint* endpoint = find_private_endpoint_of(topology, server.name);
  const Site* site = site_of(topology, server);
  if (site && in_wrong_cloud(server, *site))
    return fmt::format("its kind is {} and its site {} is {}", to_string(server.kind), site->name,
                       to_string(site->kind));
  switch (server.access) {
    case ServerAccess::public_access:
      if (server.public_network_access == false) return "its publicNetworkAccess is Disabled";
      if (endpoint && endpoint->connection_state == EndpointConnectionState::approved)
        return fmt::format("it has the approved private endpoint {}", endpoint->name);
      return "";
    case ServerAccess::private_access:
      if (!server.ip_address && server.public_ip_address) return "it has a public address only";
      if (placed(server).empty()) return "it is neither in a virtual network nor at a site";
      return "";
    case ServerAccess::vnet_integrated:
      if (server.public_network_access == true) return "its publicNetworkAccess is Enabled";
      return "";
    case ServerAccess::private_endpoint:
      if (!server.virtual_network.empty())
        return fmt::format("it is placed in {}, and only its endpoint is", server.virtual_network);
      return "";
  }
  return "";
}

void judge_declared_access(Findings& findings, const Case& checked, const Server& server) {
  const std::string why = contradiction(checked.topology, server);
  if (why.empty())
    return judge(findings, checked, rules::declared_access_agrees, Outcome::holds,
                 {server.name, fmt::format("Nothing in the file contradicts access {}", to_string(server.access))});
  judge(findings, checked, rules::declared_access_agrees, Outcome::broken,
        {server.name,
         fmt::format("{} is declared with access {}, but {}. The declared access was used", server.name,
                     to_string(server.access), why),
         {},
         server.location,
         {{"server", server.name}}});
}

void judge_same_region(Findings& findings, const Case& checked) {
  const std::string& here = checked.source.azure_location;
  const std::string& there = checked.target.azure_location;
  const Outcome outcome = here.empty() || there.empty() ? Outcome::undecided
                          : here == there               ? Outcome::holds
                                                        : Outcome::broken;
  judge(findings, checked, rules::same_region, outcome,
        {checked.target.name,
         outcome == Outcome::undecided ? "The location of source and target is not given for both"
                                       : fmt::format("The source is in {}, the target in {}", here, there),
         {},
         checked.target.location,
         {{"server", checked.source.name}, {"location", here}}});
}

}  // namespace

std::vector<const Server*> servers_of(const Case& checked) {
  std::vector<const Server*> servers{&checked.source, &checked.target};
  if (checked.runtime && std::ranges::find(servers, checked.runtime) == servers.end())
    servers.push_back(checked.runtime);
  return servers;
}

void judge_servers(Findings& findings, const Case& checked) {
  for (const Server* server : servers_of(checked)) judge_declared_access(findings, checked, *server);
  if (checked.source.kind == ServerKind::single_server) {
    judge_same_region(findings, checked);
    judge(findings, checked, rules::single_server_retired, Outcome::broken,
          {checked.source.name,
           fmt::format("{} is a Single Server, which was retired on 28 March 2025", checked.source.name),
           {},
           checked.source.location});
  }
  if (const auto tier = checked.target.tier)
    judge(findings, checked, rules::burstable_target, *tier == Tier::burstable ? Outcome::broken : Outcome::holds,
          {checked.target.name,
           fmt::format("The target's tier is {}", to_string(*tier)),
           {},
           checked.target.location,
           {{"server", checked.target.name}}});
}

}  // namespace pgpassage::scenarios
