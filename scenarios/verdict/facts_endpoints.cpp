#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

void judge_missing(Findings& findings, const Case& checked, const Server& server) {
  judge_always(findings, checked, rules::endpoint_missing, Outcome::broken,
               {server.name,
                fmt::format("{} is reached by a private endpoint, and the file describes none", server.name),
                {},
                server.location,
                {{"server", server.name}}});
}

void judge_approval(Findings& findings, const Case& checked, const Server& server, const PrivateEndpoint& endpoint) {
  const bool approved = endpoint.connection_state == EndpointConnectionState::approved;
  judge_always(findings, checked, rules::endpoint_not_approved, approved ? Outcome::holds : Outcome::broken,
               {endpoint.name,
                fmt::format("The connection of {} to {} is {}", endpoint.name, server.name,
                            to_string(endpoint.connection_state)),
                {},
                endpoint.location,
                {{"endpoint", endpoint.name},
                 {"server", server.name},
                 {"type", server.kind == ServerKind::single_server ? "Microsoft.DBforPostgreSQL/servers"
                                                                   : "Microsoft.DBforPostgreSQL/flexibleServers"}}});
}

void judge_several(Findings& findings, const Case& checked, const Server& server, const PrivateEndpoint& used) {
  const auto count =
      std::ranges::count(checked.topology.private_endpoints, server.name, &PrivateEndpoint::private_link_service);
  if (count > 1)
    judge(findings, checked, rules::several_private_endpoints, Outcome::holds,
          {server.name,
           fmt::format("{} has {} private endpoints; {} is the one that is judged", server.name, count, used.name)});
}

void judge_endpoint_of(Findings& findings, const Case& checked, const Server& server, ServerAccess access) {
  const PrivateEndpoint* endpoint = find_private_endpoint_of(checked.topology, server.name);
  if (access == ServerAccess::private_endpoint) {
    if (!endpoint) return judge_missing(findings, checked, server);
    judge_approval(findings, checked, server, *endpoint);
    judge_several(findings, checked, server, *endpoint);
  } else if (access == ServerAccess::vnet_integrated && endpoint) {
    judge(findings, checked, rules::endpoint_on_integrated_server, Outcome::broken,
          {endpoint->name,
           fmt::format("{} is VNet-integrated and cannot have the private endpoint {}", server.name, endpoint->name),
           {},
           endpoint->location,
           {{"endpoint", endpoint->name}, {"server", server.name}}});
  }
}

}  // namespace

void judge_endpoints(Findings& findings, const Case& checked) {
  for (const Server* server : servers_of(checked)) {
    const bool is_source = server == &checked.source;
    judge_endpoint_of(findings, checked, *server, is_source ? checked.combination.source_access : server->access);
  }
}

}  // namespace pgpassage::scenarios
