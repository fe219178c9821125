#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "netcheck/reach/nsg.hpp"
#include "netcheck/reach/routes.hpp"
#include "netcheck/reach/states.hpp"
#include "netcheck/topology/occupancy.hpp"
#include "scenarios/verdict/facts.hpp"
#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using boost::algorithm::iequals;
using netcheck::NsgDecision;
using netcheck::Predicted;

constexpr Port https = 443;
constexpr Port postgres = 5432;
constexpr Port pooler = 6432;

/// A delegated subnet of the migration, and what filters it.
struct Place {
  const Server& server;
  const VirtualNetwork& network;
  const Subnet& subnet;
  const NetworkSecurityGroup* nsg;  ///< null: none
  ProposedRules& proposed;
  const netcheck::SubnetState* state = nullptr;  ///< present with `nsg`
  std::string name = fmt::format("{}/{}", network.name, subnet.name);
};

/// What a server of the subnet asks of its security group, and for what.
struct Need {
  std::string_view rule;
  std::string subject;
  netcheck::NsgFlow flow;
  Direction direction = Direction::outbound;
  std::string way;      ///< "to Azure Storage on port 443"
  std::string purpose;  ///< "whose log is archived there"
  bool certain = true;  ///< false: the file does not say whether the server has the need at all
};

Names nsg_names(const Case& checked, const Place& place, const Need& need, std::string_view rule) {
  Names names = names_of_group(checked.topology, fmt::format("{}/{}", place.nsg->name, rule), place.proposed,
                               fmt::format("{} {}", need.rule, place.name));
  std::erase_if(names, [](const auto& entry) { return entry.first == "direction"; });
  names.insert(names.end(), {{"subnet", place.name},
                             {"source", place.subnet.prefixes.front().to_string()},
                             {"direction", to_string(need.direction)}});
  return names;
}

netcheck::NsgEnd within(const Place& place) {
  return {.address = {place.subnet.prefixes, false}, .application_security_groups = {}};
}

netcheck::NsgEnd at(netcheck::AzureService service) {
  netcheck::NsgEnd end;
  end.service = std::move(service);
  return end;
}

const char* verb(Predicted predicted) {
  if (predicted == Predicted::allowed) return "allows the way";
  return predicted == Predicted::denied ? "denies the way" : "may deny the way";
}

Outcome outcome_of(const Need& need, Predicted predicted) {
  if (predicted == Predicted::allowed) return Outcome::holds;
  if (!need.certain) return Outcome::not_described;  // no key for it (contract 6.3)
  return predicted == Predicted::denied ? Outcome::broken : Outcome::undecided;
}

/// True when the group lets it pass. What does not pass is told; what passes, only when asked.
bool judge_need(Findings& findings, const Case& checked, const Place& place, const Need& need, bool tell_pass) {
  const NsgDecision decision =
      evaluate(checked.topology, *place.nsg, need.direction, need.flow, place.state->virtual_network);
  const bool passes = decision.predicted == Predicted::allowed;
  if (passes && !tell_pass) return true;
  const std::string depends = decision.missing.empty() ? "" : "; it depends on " + decision.missing;
  judge(findings, checked, need.rule, outcome_of(need, decision.predicted),
        {need.subject,
         fmt::format("{}/{} {} {} for {}, {}{}", place.nsg->name, decision.rule, verb(decision.predicted), need.way,
                     place.server.name, need.purpose, depends),
         {},
         decision.location.known() ? decision.location : place.nsg->location,
         passes ? Names{} : nsg_names(checked, place, need, decision.rule)});
  return passes;
}

/// Beside a default route to an appliance, a route of its own for AzureActiveDirectory says that Entra logins are used.
bool routes_to_entra(const Topology& topology, const Place& place) {
  const RouteTable* table = find_route_table(topology, place.subnet.route_table);
  return table && std::ranges::any_of(table->routes, [](const Route& route) {
           return iequals(route.prefix.tag, "AzureActiveDirectory") && route.next_hop_type != NextHopType::none;
         });
}

void judge_services(Findings& findings, const Case& checked, const Place& place) {
  const netcheck::NsgEnd storage = at({"Storage", place.network.azure_location, true});
  const netcheck::NsgEnd entra = at({"AzureActiveDirectory"});
  judge_need(findings, checked, place,
             {rules::subnet_reaches_storage,
              place.name,
              {.source = within(place), .destination = storage, .port = https},
              Direction::outbound,
              fmt::format("to Azure Storage on port {}", https),
              "whose log is archived there"},
             true);
  judge_need(findings, checked, place,
             {rules::subnet_reaches_entra,
              place.name,
              {.source = within(place), .destination = entra, .port = https},
              Direction::outbound,
              fmt::format("to Microsoft Entra ID on port {}", https),
              "if its logins authenticate there",
              routes_to_entra(checked.topology, place)},
             true);
}

void judge_itself(Findings& findings, const Case& checked, const Place& place) {
  bool holds = true;
  for (const Direction direction : {Direction::outbound, Direction::inbound})
    holds &= judge_need(findings, checked, place,
                        {rules::subnet_reaches_itself,
                         fmt::format("{} {}", place.name, to_string(direction)),
                         {.source = within(place), .destination = within(place), .port = postgres},
                         direction,
                         fmt::format("within {} on port {}, {}", place.subnet.name, postgres, to_string(direction)),
                         "whose standby and replicas need it"},
                        false);
  if (holds)
    judge(findings, checked, rules::subnet_reaches_itself, Outcome::holds,
          {place.name, fmt::format("{} lets TCP {} through within {}", place.nsg->name, postgres, place.subnet.name)});
  judge_need(findings, checked, place,
             {rules::subnet_reaches_pooler,
              place.name,
              {.source = within(place), .destination = within(place), .port = pooler},
              Direction::outbound,
              fmt::format("within {} on port {}", place.subnet.name, pooler),
              "whose PgBouncer listens there when it is on",
              place.server.port == pooler},
             true);
}

std::string route_command(const RouteTable& table, std::string_view name, std::string_view prefix,
                          std::string_view next_hop) {
  return fmt::format(
      "az network route-table route create --resource-group \"$RESOURCE_GROUP\" --route-table-name {} --name {} "
      "--address-prefix {} --next-hop-type {}",
      table.name, name, prefix, next_hop);
}

void judge_routes(Findings& findings, const Case& checked, const Place& place) {
  const RouteTable* table = find_route_table(checked.topology, place.subnet.route_table);
  if (!table) return;
  const auto route_to = [&](NextHopType hop, const auto& fits) {
    return std::ranges::any_of(table->routes,
                               [&](const Route& route) { return route.next_hop_type == hop && fits(route.prefix); });
  };
  const auto everything = [](const AddressPrefix& prefix) { return prefix.cidr && prefix.cidr->length() == 0; };
  if (!route_to(NextHopType::virtual_appliance, everything)) return;
  const bool entra = route_to(NextHopType::internet,
                              [](const AddressPrefix& prefix) { return iequals(prefix.tag, "AzureActiveDirectory"); });
  const Cidr own = place.subnet.prefixes.front();
  const bool itself =
      route_to(NextHopType::vnet_local, [&](const AddressPrefix& prefix) { return prefix.cidr == own; });
  std::string missing = entra ? "" : "AzureActiveDirectory to Internet";
  if (!itself) missing += fmt::format("{}{} to VnetLocal", missing.empty() ? "" : " and ", own.to_string());
  const std::string command = !entra ? route_command(*table, "to-entra", "AzureActiveDirectory", "Internet")
                                     : route_command(*table, "to-own-subnet", own.to_string(), "VnetLocal");
  judge(findings, checked, rules::routes_of_delegated_subnet, missing.empty() ? Outcome::holds : Outcome::broken,
        {table->name,
         missing.empty() ? fmt::format("{} keeps the routes of {} beside its default route", table->name, place.name)
                         : fmt::format("{} sends 0.0.0.0/0 of {} to an appliance and lacks the route {}", table->name,
                                       place.name, missing),
         {},
         table->location,
         {{"table", table->name}, {"missing", missing}, {"route_command", missing.empty() ? "" : command}}});
}

void judge_size(Findings& findings, const Case& checked, const Place& place) {
  const bool large = std::ranges::any_of(place.subnet.prefixes, [](const Cidr& prefix) {
    return prefix.address().family() == IpAddress::Family::ipv4 && prefix.length() <= longest_delegated_prefix;
  });
  judge(findings, checked, rules::delegated_subnet_size, large ? Outcome::holds : Outcome::broken,
        {place.name,
         fmt::format("{} has {}; a flexible server needs a /{} or larger", place.name,
                     place.subnet.prefixes.front().to_string(), longest_delegated_prefix),
         {},
         place.subnet.location,
         {{"server", place.server.name}}});
}

}  // namespace

void judge_delegated_subnets(Findings& findings, const Case& checked, ProposedRules& proposed) {
  const netcheck::EffectiveStates states{checked.topology};
  for (const Server* server : servers_of(checked)) {
    if (server->kind != ServerKind::flexible_server || server->access != ServerAccess::vnet_integrated) continue;
    const VirtualNetwork* network = find_virtual_network(checked.topology, server->virtual_network);
    const Subnet* subnet = network ? find_subnet(*network, server->subnet) : nullptr;
    if (!subnet || subnet->prefixes.empty()) continue;
    Place place{*server, *network, *subnet,
                find_network_security_group(checked.topology, subnet->network_security_group), proposed};
    judge_size(findings, checked, place);
    judge_routes(findings, checked, place);
    if (!place.nsg) continue;
    place.state = &states.of(*network, subnet);
    judge_services(findings, checked, place);
    judge_itself(findings, checked, place);
  }
}

}  // namespace pgpassage::scenarios
