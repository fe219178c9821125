#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "scenarios/fix/az.hpp"
#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace json = boost::json;
namespace {

using editing::Edit;

json::object with_prefixes(json::object rule, const char* side, const std::vector<Cidr>& prefixes) {
  const std::string key = fmt::format("{}AddressPrefix", side);
  if (prefixes.size() == 1) {
    rule[key] = prefixes.front().to_string();
    return rule;
  }
  json::array list;
  for (const Cidr& prefix : prefixes) list.emplace_back(prefix.to_string());
  rule[key + "es"] = std::move(list);
  return rule;
}

json::object rule_json(json::object rule, Direction direction, const Passing& passing) {
  rule["direction"] = to_string(direction);
  rule["access"] = "Allow";
  rule["protocol"] = to_string(passing.protocol);
  rule = with_prefixes(std::move(rule), "source", passing.sources);
  rule["sourcePortRange"] = "*";
  if (passing.destination_tag.empty())
    rule = with_prefixes(std::move(rule), "destination", passing.destinations);
  else
    rule["destinationAddressPrefix"] = passing.destination_tag;
  rule["destinationPortRange"] = std::to_string(passing.port);
  return rule;
}

std::string destination_words(const Passing& passing) {
  return passing.destination_tag.empty() ? words(passing.destinations) : passing.destination_tag;
}

/// A name that no rule has.
std::string free_name(const std::vector<SecurityRule>& rules, const std::string& wish) {
  const auto taken = [&](const std::string& name) {
    return std::ranges::any_of(rules, [&](const SecurityRule& rule) { return rule.name == name; });
  };
  std::string name = wish;
  for (int i = 2; taken(name); ++i) name = fmt::format("{}-{}", wish, i);
  return name;
}

std::string rule_name(const std::vector<SecurityRule>& rules, const Passing& passing) {
  return free_name(rules, name_from(fmt::format("allow-{}-to-{}-{}", passing.from, passing.to, passing.port)));
}

const SecurityRule* rule_at(const NetworkSecurityGroup& group, Direction direction, int priority) {
  const auto found = std::ranges::find_if(
      group.rules, [&](const SecurityRule& rule) { return rule.direction == direction && rule.priority == priority; });
  return found == group.rules.end() ? nullptr : &*found;
}

constexpr int first_priority = 100, last_priority = 4096;

/// Moves the rules from `at` down to the next free number, each by one; their order stays.
bool make_room(const NetworkSecurityGroup& nsg, Direction direction, int at, Change& change) {
  int free = at;
  while (free <= last_priority && rule_at(nsg, direction, free) != nullptr) ++free;
  if (free > last_priority) return false;
  for (int priority = free; priority > at; --priority) {
    const SecurityRule& rule = *rule_at(nsg, direction, priority - 1);
    change.az_cli.push_back(fmt::format("az network nsg rule update {} --nsg-name {} --name {} --priority {}", group,
                                        word(nsg.name), word(rule.name), priority));
    change.edits.push_back(
        {Edit::Action::set, {"networkSecurityGroups", nsg.name, "securityRules", rule.name}, "priority", "", priority});
  }
  return true;
}

}  // namespace

std::vector<Change> allow_in_group(const NetworkSecurityGroup& nsg, Direction direction, int before,
                                   const Passing& passing) {
  int priority = std::min(before, last_priority + 1) - 1;
  while (priority >= first_priority && rule_at(nsg, direction, priority) != nullptr) --priority;
  Change change;
  if (priority < first_priority) {
    priority = first_priority;
    if (!make_room(nsg, direction, priority, change)) return {};
  }
  const std::string name = rule_name(nsg.rules, passing);
  change.text = fmt::format("Allow {} {} from {} to {} in {}, {}, with priority {}{}",
                            passing.protocol == Protocol::udp ? "UDP" : "TCP", passing.port, words(passing.sources),
                            destination_words(passing), nsg.name, to_string(direction), priority,
                            change.edits.empty() ? "" : "; the rules from there on move down by one");
  change.az_cli.push_back(fmt::format(
      "az network nsg rule create {} --nsg-name {} --name {} --priority {} --direction {} --access Allow --protocol {} "
      "--source-address-prefixes {} --source-port-ranges \"*\" --destination-address-prefixes {} "
      "--destination-port-ranges {}",
      group, word(nsg.name), word(name), priority, to_string(direction), to_string(passing.protocol),
      words(passing.sources), destination_words(passing), passing.port));
  change.edits.push_back({Edit::Action::append,
                          {"networkSecurityGroups", nsg.name},
                          "securityRules",
                          "",
                          rule_json({{"name", name}, {"priority", priority}}, direction, passing)});
  change.added = AddedRule{nsg.name, "", direction, before, "", passing};
  return {std::move(change)};
}

Change remove_rule(const NetworkSecurityGroup& nsg, const SecurityRule& rule) {
  return {
      fmt::format("Delete the rule {} from {}", rule.name, nsg.name),
      {fmt::format("az network nsg rule delete {} --nsg-name {} --name {}", group, word(nsg.name), word(rule.name))},
      {{Edit::Action::erase, {"networkSecurityGroups", nsg.name}, "securityRules", rule.name}}};
}

Change allow_at_site(const Site& site, Direction direction, const std::string& before, const Passing& passing) {
  const std::string name = rule_name(*site.firewall_rules, passing);
  return {fmt::format("In the filter of {}, allow {} {} {} from {} to {}{}", site.name, to_string(direction),
                      passing.protocol == Protocol::udp ? "UDP" : "TCP", passing.port, words(passing.sources),
                      words(passing.destinations), before.empty() ? "" : fmt::format(", before {}", before)),
          {},
          {{before.empty() ? Edit::Action::append : Edit::Action::insert_before,
            {"sites", site.name},
            "firewallRules",
            before,
            rule_json({{"name", name}}, direction, passing)}},
          AddedRule{"", site.name, direction, 0, before, passing}};
}

Change allow_address(const Server& server, const std::string& from, const IpAddress& address) {
  const std::string name = name_from(fmt::format("allow-{}-{}", from, address.to_string()));
  const std::string text = address.to_string();
  const bool flexible = server.kind == ServerKind::flexible_server;
  std::vector<std::string> commands;
  if (flexible || server.kind == ServerKind::single_server)
    commands.push_back(fmt::format("az postgres {} create {} {} {} {} {} --start-ip-address {} --end-ip-address {}",
                                   flexible ? "flexible-server firewall-rule" : "server firewall-rule", group,
                                   flexible ? "--name" : "--server-name", word(server.name),
                                   flexible ? "--rule-name" : "--name", word(name), text, text));
  return {fmt::format("Admit {}, the public address of {}, in the firewall of {}", text, from, server.name),
          std::move(commands),
          {{Edit::Action::append,
            {"servers", server.name},
            "firewallRules",
            "",
            json::object{{"name", name}, {"startIpAddress", text}, {"endIpAddress", text}}}}};
}

Change enable_public_access(const Server& server) {
  std::vector<std::string> commands;
  if (server.kind == ServerKind::flexible_server)
    commands.push_back(fmt::format("az postgres flexible-server update {} --name {} --public-access Enabled", group,
                                   word(server.name)));
  if (server.kind == ServerKind::single_server)
    commands.push_back(fmt::format("az postgres server update {} --name {} --public-network-access Enabled", group,
                                   word(server.name)));
  return {fmt::format("Enable public network access of {}; its firewall rules still decide who gets in", server.name),
          std::move(commands),
          {{Edit::Action::set, {"servers", server.name}, "publicNetworkAccess", "", "Enabled"}}};
}

Change add_virtual_network_rule(const Server& server, const std::string& network, const std::string& subnet) {
  return {fmt::format("Add a virtual network rule for {}/{} to {}", network, subnet, server.name),
          {fmt::format("az postgres server vnet-rule create {} --server-name {} --name {} --vnet-name {} --subnet {}",
                       group, word(server.name), word(name_from("allow-" + subnet)), word(network), word(subnet))},
          {{Edit::Action::append,
            {"servers", server.name},
            "virtualNetworkRules",
            "",
            json::object{{"virtualNetwork", network}, {"subnet", subnet}}}}};
}

}  // namespace pgpassage::scenarios::fix
