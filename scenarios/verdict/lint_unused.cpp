#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr std::string_view group_option = "--resource-group \"$RESOURCE_GROUP\"";
using Used = std::unordered_set<std::string_view>;
using Naming = std::unordered_map<std::string_view, Location>;  // where an application security group is named first

void warn_of_unused(const Lint& lint, const std::string& name, std::string_view noun, std::string_view why,
                    std::string_view command, Location location) {
  lint.warn(rules::unused_object,
            {name,
             fmt::format("The {} {} does nothing: {}", noun, name, why),
             {},
             location,
             {{"name", name},
              {"delete_command", fmt::format("az network {} delete {} --name {}", command, group_option, name)}}});
}

Used used_tables(const Topology& topology) {
  Used used;
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets) used.insert(subnet.route_table);
  return used;
}

void add(Naming& naming, const std::vector<std::string>& groups, Location location) {
  for (const std::string& group : groups) naming.emplace(group, location);
}

Naming groups_of_machines(const Topology& topology) {
  Naming naming;
  for (const Server& server : topology.servers) add(naming, server.application_security_groups, server.location);
  for (const Host& host : topology.hosts) add(naming, host.application_security_groups, host.location);
  return naming;
}

Naming groups_of_rules(const Topology& topology) {
  Naming naming;
  for (const NetworkSecurityGroup& nsg : topology.network_security_groups)
    for (const SecurityRule& rule : nsg.rules) {
      add(naming, rule.source_groups, rule.location);
      add(naming, rule.destination_groups, rule.location);
    }
  return naming;
}

void lint_application_groups(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  const Naming machines = groups_of_machines(topology);
  const Naming rules = groups_of_rules(topology);
  for (const std::string& name : topology.application_security_groups) {
    const auto member = machines.find(name);
    const auto rule = rules.find(name);
    if (member != machines.end() && rule != rules.end()) continue;
    const char* why = member != machines.end() ? "no rule names it"
                      : rule != rules.end()    ? "no server or host of the file belongs to it"
                                               : "no rule names it, and nobody belongs to it";
    const Location location = member != machines.end() ? member->second
                              : rule != rules.end()    ? rule->second
                                                       : Location{};
    warn_of_unused(lint, name, "application security group", why, "asg", location);
  }
}

}  // namespace

void lint_unused(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  const UsesOfGroups groups = uses_of_groups(topology);
  for (const NetworkSecurityGroup& nsg : topology.network_security_groups)
    if (!groups.contains(nsg.name))
      warn_of_unused(lint, nsg.name, "network security group", "no subnet, server or host has it", "nsg", nsg.location);
  const Used tables = used_tables(topology);
  for (const RouteTable& table : topology.route_tables)
    if (!tables.contains(table.name))
      warn_of_unused(lint, table.name, "route table", "no subnet has it", "route-table", table.location);
  lint_application_groups(lint);
  lint.pass(rules::unused_object,
            topology.network_security_groups.size() + topology.route_tables.size() +
                topology.application_security_groups.size(),
            "groups and route tables");
}

}  // namespace pgpassage::scenarios
