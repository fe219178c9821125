#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <set>

#include "netcheck/lint/open_rules.hpp"
#include "netcheck/lint/shadows.hpp"
#include "scenarios/verdict/flow_findings.hpp"
#include "scenarios/verdict/lint.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::lint::OpenRules;
using netcheck::lint::ShadowedRule;

constexpr std::string_view group_option = "--resource-group \"$RESOURCE_GROUP\"";

std::string path_of(const NetworkSecurityGroup& nsg, const SecurityRule& rule) {
  return fmt::format("{}/{}", nsg.name, rule.name);
}

std::string words(const SecurityRule& rule) {
  return fmt::format("{} ({}, {}, line {})", rule.name, rule.priority, to_string(rule.access), rule.location.line);
}

std::string joined(const std::vector<const SecurityRule*>& rules, std::size_t at_most = 4) {
  std::string text;
  for (std::size_t index = 0; index < rules.size() && index < at_most; ++index)
    text += fmt::format("{}{}", index == 0 ? "" : index + 1 == rules.size() ? " and " : ", ", rules[index]->name);
  return rules.size() > at_most ? text + fmt::format(" and {} more", rules.size() - at_most) : text;
}

/// The prefixes that every network in which the group is used has: what VirtualNetwork surely holds.
std::vector<Cidr> sure_prefixes(const Uses& uses) {
  return uses.networks.size() == 1 ? uses.networks.front()->address_prefixes : std::vector<Cidr>{};
}

std::string move_command(const NetworkSecurityGroup& nsg, const SecurityRule& rule, const SecurityRule& first,
                         ProposedRules& proposed) {
  const auto priority = proposed.below(first.priority, nsg, rule.direction, "move " + rule.name);
  if (!priority) return "";
  return fmt::format("az network nsg rule update {} --nsg-name {} --name {} --priority {}", group_option, nsg.name,
                     rule.name, *priority);
}

void warn_of_shadow(const Lint& lint, const NetworkSecurityGroup& nsg, const ShadowedRule& shadowed) {
  const SecurityRule& rule = *shadowed.rule;
  const SecurityRule& first = *shadowed.by.front();
  const bool contradicted = shadowed.contradicted();
  std::vector<std::string> evidence;
  for (const SecurityRule* other : shadowed.by) evidence.push_back("decided before it by " + words(*other));
  lint.warn(rules::rule_shadowed,
            {path_of(nsg, rule),
             fmt::format("{} never decides: {} {} all its flows{}", words(rule), joined(shadowed.by),
                         shadowed.by.size() == 1 ? "matches" : "match", contradicted ? ", and not as it says" : ""),
             std::move(evidence),
             rule.location,
             {{"rule", path_of(nsg, rule)},
              {"rule_name", rule.name},
              {"nsg", nsg.name},
              {"by", joined(shadowed.by)},
              {"first_priority", std::to_string(first.priority)},
              {"move_command", contradicted ? move_command(nsg, rule, first, lint.proposed) : ""}},
             contradicted ? "contradicted" : ""});
}

/// Two free numbers would be needed to be exact for several rules; one Deny below the last of them does for all.
std::string deny_command(const NetworkSecurityGroup& nsg, const OpenRules& open, ProposedRules& proposed) {
  const auto priority = proposed.behind(open.rules.back()->priority, nsg, open.direction, "deny others");
  if (!priority) return "";
  std::set<std::string> ports;
  for (const SecurityRule* rule : open.rules)
    for (const PortRange& range : rule->destination_ports)
      ports.insert(range.first == range.last ? std::to_string(range.first)
                                             : fmt::format("{}-{}", range.first, range.last));
  return fmt::format(
      "az network nsg rule create {} --nsg-name {} --name deny-others-{} --priority {} --direction {} --access Deny "
      "--protocol \"*\" --source-address-prefixes VirtualNetwork --source-port-ranges \"*\" "
      "--destination-address-prefixes VirtualNetwork --destination-port-ranges {}",
      group_option, nsg.name, open.direction == Direction::inbound ? "in" : "out", *priority, to_string(open.direction),
      fmt::join(ports, " "));
}

void warn_of_open(const Lint& lint, const NetworkSecurityGroup& nsg, const OpenRules& open) {
  const bool inbound = open.direction == Direction::inbound;
  std::vector<std::string> evidence;
  for (const SecurityRule* rule : open.rules) evidence.push_back("allows a part: " + words(*rule));
  evidence.push_back(
      fmt::format("allows the rest: {}/{}", nsg.name, inbound ? "AllowVNetInBound" : "AllowVnetOutBound"));
  const std::string all = fmt::format("{}/{}", nsg.name, joined(open.rules));
  lint.warn(rules::rule_restricts_nothing,
            {fmt::format("{} {}", nsg.name, to_string(open.direction)),
             fmt::format("{} {} nobody: {} lets every other address of the virtual network {} on the same ports", all,
                         open.rules.size() == 1 ? "restricts" : "restrict",
                         inbound ? "AllowVNetInBound" : "AllowVnetOutBound", inbound ? "in" : "be reached"),
             std::move(evidence),
             open.rules.front()->location,
             {{"rule", all}, {"deny_command", deny_command(nsg, open, lint.proposed)}}});
}

bool names_virtual_network(const SecurityRule& rule) {
  const auto tag = [](const AddressPrefix& entry) { return boost::algorithm::iequals(entry.tag, "VirtualNetwork"); };
  return std::ranges::any_of(rule.source_prefixes, tag) || std::ranges::any_of(rule.destination_prefixes, tag);
}

void warn_of_crowd(const Lint& lint, const NetworkSecurityGroup& nsg, const SecurityRule& rule) {
  lint.say(rules::rule_shadowed, Outcome::not_described,
           {path_of(nsg, rule),
            fmt::format("{} overlaps with too many rules to say whether they shadow it together", words(rule)),
            {},
            rule.location});
}

/// azure-facts 2.2: the tag contains the default route of the subnet where the group is used.
void warn_of_widened_tag(const Lint& lint, const NetworkSecurityGroup& nsg, const Subnet& subnet,
                         const RouteTable& table) {
  const Route& route = *default_route(&table);
  if (route.next_hop_type != NextHopType::virtual_appliance &&
      route.next_hop_type != NextHopType::virtual_network_gateway)
    return;
  for (const SecurityRule& rule : nsg.rules) {
    if (rule.access != Access::deny || !names_virtual_network(rule)) continue;
    const std::string by = fmt::format("{}/{}", table.name, route.name);
    lint.warn(rules::deny_of_widened_tag,
              {path_of(nsg, rule),
               fmt::format("{} denies VirtualNetwork, which in {} is every address because of route {}", words(rule),
                           subnet.name, by),
               {fmt::format("route {} for 0.0.0.0/0 (line {})", by, route.location.line)},
               rule.location,
               {{"rule", path_of(nsg, rule)}, {"route", by}}});
  }
}

void lint_group(const Lint& lint, const NetworkSecurityGroup& nsg, const Uses& uses) {
  const std::vector<Cidr> network = sure_prefixes(uses);
  const netcheck::lint::GroupBoxes boxes{lint.checked.topology, nsg, network};
  const netcheck::lint::Shadows shadows = netcheck::lint::shadowed_rules(boxes);
  for (const ShadowedRule& shadowed : shadows.rules) warn_of_shadow(lint, nsg, shadowed);
  for (const SecurityRule* rule : shadows.undecided) warn_of_crowd(lint, nsg, *rule);
  std::vector<Cidr> subnets;
  for (const Subnet* subnet : uses.subnets)
    subnets.insert(subnets.end(), subnet->prefixes.begin(), subnet->prefixes.end());
  for (OpenRules open : netcheck::lint::open_rules(boxes, subnets)) {
    std::erase_if(open.rules, [&](const SecurityRule* rule) {  // one that never decides has its own warning
      return std::ranges::find(shadows.rules, rule, &ShadowedRule::rule) != shadows.rules.end();
    });
    if (!open.rules.empty()) warn_of_open(lint, nsg, open);
  }
}

}  // namespace

UsesOfGroups uses_of_groups(const Topology& topology) {
  UsesOfGroups all;
  const auto add = [&](std::string_view group, const VirtualNetwork* network) -> Uses& {
    Uses& uses = all[group];
    if (network && std::ranges::find(uses.networks, network) == uses.networks.end()) uses.networks.push_back(network);
    return uses;
  };
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Subnet& subnet : network.subnets)
      if (!subnet.network_security_group.empty())
        add(subnet.network_security_group, &network).subnets.push_back(&subnet);
  const auto add_machine = [&](const auto& machine) {
    if (!machine.network_security_group.empty())
      add(machine.network_security_group, find_virtual_network(topology, machine.virtual_network));
  };
  std::ranges::for_each(topology.servers, add_machine);
  std::ranges::for_each(topology.hosts, add_machine);
  return all;
}

void lint_security_rules(const Lint& lint) {
  const Topology& topology = lint.checked.topology;
  const UsesOfGroups all = uses_of_groups(topology);
  std::unordered_map<std::string_view, const RouteTable*> tables;  // those with a default route
  for (const RouteTable& table : topology.route_tables)
    if (default_route(&table)) tables.emplace(table.name, &table);
  std::size_t rules = 0;
  for (const NetworkSecurityGroup& nsg : topology.network_security_groups) {
    rules += nsg.rules.size();
    const auto found = all.find(nsg.name);
    const Uses uses = found == all.end() ? Uses{} : found->second;
    lint_group(lint, nsg, uses);
    for (const Subnet* subnet : uses.subnets)
      if (const auto table = tables.find(subnet->route_table); table != tables.end())
        warn_of_widened_tag(lint, nsg, *subnet, *table->second);
  }
  lint.pass(rules::rule_shadowed, rules, "security rules");
  lint.pass(rules::rule_restricts_nothing, rules, "security rules");
  lint.pass(rules::deny_of_widened_tag, tables.size(), "default routes");
}

}  // namespace pgpassage::scenarios
