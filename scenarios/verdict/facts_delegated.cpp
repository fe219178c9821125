#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "netcheck/reach/nsg.hpp"
#include "netcheck/reach/routes.hpp"
#include "scenarios/verdict/facts.hpp"
#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using boost::algorithm::iequals;
using netcheck::NsgDecision;
using netcheck::Predicted;

constexpr int smallest_length = 28;
constexpr Port https = 443;
constexpr Port postgres = 5432;

/// A delegated subnet of the migration, and what filters it.
struct Place {
  const Server& server;
  const VirtualNetwork& network;
  const Subnet& subnet;
  const NetworkSecurityGroup* nsg = nullptr;
  std::string name = fmt::format("{}/{}", network.name, subnet.name);
};

/// Does the entry hold the addresses of Azure Storage in the region? A region that the file does not give fits all.
bool holds_storage(const AddressPrefix& entry, std::string_view region) {
  if (entry.cidr) return entry.cidr->length() == 0;
  for (const char* tag : {"*", "Internet", "AzureCloud", "Storage"}) {
    if (iequals(entry.tag, tag)) return true;
    if (entry.tag.size() > std::string_view{tag}.size() && boost::algorithm::istarts_with(entry.tag, tag) &&
        entry.tag[std::string_view{tag}.size()] == '.')
      return region.empty() || iequals(entry.tag.substr(std::string_view{tag}.size() + 1), region);
  }
  return false;
}

bool speaks_of(const SecurityRule& rule, const Subnet& subnet) {
  return std::ranges::any_of(rule.source_prefixes, [&](const AddressPrefix& entry) {
    if (!entry.cidr) return entry.tag == "*" || iequals(entry.tag, "VirtualNetwork");
    return std::ranges::any_of(subnet.prefixes, [&](const Cidr& prefix) { return entry.cidr->contains(prefix); });
  });
}

/// The rule that decides TCP 443 to Storage; null: the default rules do, and they let the Internet be reached.
const SecurityRule* storage_rule(const Place& place) {
  for (const SecurityRule& rule : place.nsg->rules) {
    if (rule.direction != Direction::outbound || !speaks_of(rule, place.subnet)) continue;
    if (rule.protocol != Protocol::any && rule.protocol != Protocol::tcp) continue;
    if (std::ranges::none_of(rule.destination_ports, [](const PortRange& range) { return range.contains(https); }))
      continue;
    if (std::ranges::any_of(rule.destination_prefixes, [&](const AddressPrefix& entry) {
          return holds_storage(entry, place.network.azure_location);
        }))
      return &rule;
  }
  return nullptr;
}

Names nsg_names(const Case& checked, const Place& place, Direction direction, std::string_view rule) {
  Names names = names_of_group(checked.topology, fmt::format("{}/{}", place.nsg->name, rule));
  std::erase_if(names, [](const auto& entry) { return entry.first == "direction"; });
  names.insert(names.end(), {{"subnet", place.name},
                             {"source", place.subnet.prefixes.front().to_string()},
                             {"direction", to_string(direction)}});
  return names;
}

void judge_storage(Findings& findings, const Case& checked, const Place& place) {
  const SecurityRule* rule = storage_rule(place);
  const bool denied = rule && rule->access == Access::deny;
  const std::string by = rule ? fmt::format("{}/{}", place.nsg->name, rule->name)
                              : fmt::format("{}/AllowInternetOutBound", place.nsg->name);
  judge(findings, checked, rules::subnet_reaches_storage, denied ? Outcome::broken : Outcome::holds,
        {place.name,
         fmt::format("{} {} to Azure Storage on port {} for {}, whose log is archived there", by,
                     denied ? "denies the way" : "allows the way", https, place.server.name),
         {},
         rule ? rule->location : place.nsg->location,
         denied ? nsg_names(checked, place, Direction::outbound, rule->name) : Names{}});
}

void judge_itself(Findings& findings, const Case& checked, const Place& place) {
  const auto state = netcheck::state_of(checked.topology, place.network, &place.subnet);
  const netcheck::NsgEnd end{.address = {place.subnet.prefixes, false}, .application_security_groups = {}};
  const netcheck::NsgFlow flow{.source = end, .destination = end, .port = postgres};
  bool holds = true;
  for (const Direction direction : {Direction::outbound, Direction::inbound}) {
    const NsgDecision decision = evaluate(checked.topology, *place.nsg, direction, flow, state.virtual_network);
    if (decision.predicted == Predicted::allowed) continue;
    holds = false;
    const bool denied = decision.predicted == Predicted::denied;
    judge(findings, checked, rules::subnet_reaches_itself, denied ? Outcome::broken : Outcome::undecided,
          {fmt::format("{} {}", place.name, to_string(direction)),
           fmt::format("{}/{} {} TCP {} within {}, which a standby or a replica of {} needs", place.nsg->name,
                       decision.rule, denied ? "denies" : "may deny", postgres, place.subnet.name, place.server.name),
           {},
           decision.location.known() ? decision.location : place.nsg->location,
           nsg_names(checked, place, direction, decision.rule)});
  }
  if (holds)
    judge(findings, checked, rules::subnet_reaches_itself, Outcome::holds,
          {place.name, fmt::format("{} lets TCP {} through within {}", place.nsg->name, postgres, place.subnet.name)});
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
    return prefix.address().family() == IpAddress::Family::ipv4 && prefix.length() <= smallest_length;
  });
  judge(findings, checked, rules::delegated_subnet_size, large ? Outcome::holds : Outcome::broken,
        {place.name,
         fmt::format("{} has {}; a flexible server needs a /{} or larger", place.name,
                     place.subnet.prefixes.front().to_string(), smallest_length),
         {},
         place.subnet.location,
         {{"server", place.server.name}}});
}

}  // namespace

void judge_delegated_subnets(Findings& findings, const Case& checked) {
  for (const Server* server : servers_of(checked)) {
    if (server->kind != ServerKind::flexible_server || server->access != ServerAccess::vnet_integrated) continue;
    const VirtualNetwork* network = find_virtual_network(checked.topology, server->virtual_network);
    const Subnet* subnet = network ? find_subnet(*network, server->subnet) : nullptr;
    if (!subnet || subnet->prefixes.empty()) continue;
    const Place place{*server, *network, *subnet,
                      find_network_security_group(checked.topology, subnet->network_security_group)};
    judge_size(findings, checked, place);
    judge_routes(findings, checked, place);
    if (!place.nsg) continue;
    judge_storage(findings, checked, place);
    judge_itself(findings, checked, place);
  }
}

}  // namespace pgpassage::scenarios
