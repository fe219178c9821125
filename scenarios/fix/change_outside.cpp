// Changes of what is not a security group: network ACLs, security admin rules, authorized networks, announced routes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "scenarios/fix/az.hpp"
#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace json = boost::json;
namespace {

using enum editing::Edit::Action;

constexpr int first_priority = 1;
constexpr int last_entry = 32766;
constexpr int step_between_entries = 10;  // as the AWS console numbers them

const char* protocol_word(Protocol protocol) { return protocol == Protocol::udp ? "udp" : "tcp"; }

json::array strings(const std::vector<Cidr>& prefixes) {
  json::array list;
  for (const Cidr& prefix : prefixes) list.emplace_back(prefix.to_string());
  return list;
}

bool concerns(const NetworkAclEntry& entry, const AclPassing& passing) {
  return entry.egress == passing.egress && (entry.protocol == Protocol::any || entry.protocol == passing.protocol) &&
         entry.port_range.first <= passing.ports.last && passing.ports.first <= entry.port_range.last;
}

/// Free numbers for `count` entries: before every entry that could deny, close to it; behind all others where none
/// does.
std::vector<int> free_numbers(const NetworkAcl& acl, const AclPassing& passing, std::size_t count) {
  std::set<int> taken;
  int before = last_entry + 1, last = 0;
  for (const NetworkAclEntry& entry : acl.entries) {
    if (entry.egress != passing.egress) continue;
    taken.insert(entry.rule_number);
    last = std::max(last, entry.rule_number);
    if (entry.rule_action == Access::deny && concerns(entry, passing)) before = std::min(before, entry.rule_number);
  }
  std::vector<int> numbers;
  if (before > last_entry)
    for (int number = last + step_between_entries; number <= last_entry && numbers.size() < count;
         number += step_between_entries)
      numbers.push_back(number);
  for (int number = before - 1; number >= first_priority && numbers.size() < count; --number)
    if (!taken.contains(number) && std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
  if (numbers.size() < count) numbers.clear();
  std::ranges::sort(numbers);
  return numbers;
}

json::object entry_json(int number, const AclPassing& passing, const Cidr& remote) {
  const bool ipv4 = remote.address().family() == IpAddress::Family::ipv4;
  return {{"ruleNumber", number},
          {"egress", passing.egress},
          {"protocol", protocol_word(passing.protocol)},
          {"ruleAction", "allow"},
          {ipv4 ? "cidrBlock" : "ipv6CidrBlock", remote.to_string()},
          {"portRange", json::object{{"from", passing.ports.first}, {"to", passing.ports.last}}}};
}

std::string entry_command(int number, const AclPassing& passing, const Cidr& remote) {
  const bool ipv4 = remote.address().family() == IpAddress::Family::ipv4;
  return fmt::format(
      "aws ec2 create-network-acl-entry --network-acl-id \"$NETWORK_ACL_ID\" --rule-number {} --protocol {} "
      "--port-range From={},To={} {} {} --rule-action allow --{}",
      number, protocol_word(passing.protocol), passing.ports.first, passing.ports.last,
      ipv4 ? "--cidr-block" : "--ipv6-cidr-block", remote.to_string(), passing.egress ? "egress" : "ingress");
}

std::string free_rule_name(const RuleCollection& collection, const Passing& passing) {
  const std::string wish = name_from(fmt::format("allow-{}-to-{}-{}", passing.from, passing.to, passing.port));
  std::string name = wish;
  const auto taken = [&] {
    return std::ranges::find(collection.rules, name, &AdminRule::name) != collection.rules.end();
  };
  for (int i = 2; taken(); ++i) name = fmt::format("{}-{}", wish, i);
  return name;
}

std::string admin_rule_words(const SecurityAdminConfiguration& configuration, const RuleCollection& collection) {
  return fmt::format("{} --network-manager-name \"$NETWORK_MANAGER\" --configuration-name {} --rule-collection-name {}",
                     group, word(configuration.name), word(collection.name));
}

/// Rules take effect when they are deployed.
std::string commit_command() {
  return fmt::format(
      "az network manager post-commit {} --network-manager-name \"$NETWORK_MANAGER\" --commit-type SecurityAdmin "
      "--configuration-ids \"$CONFIGURATION_ID\" --target-locations \"$LOCATION\"",
      group);
}

std::string addresses_words(const std::vector<Cidr>& prefixes) {
  std::vector<std::string> words;
  for (const Cidr& prefix : prefixes)
    words.push_back(fmt::format("address-prefix={} address-prefix-type=IPPrefix", prefix.to_string()));
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

std::optional<Change> allow_in_acl(const Site& site, const NetworkAcl& acl, const AclPassing& passing) {
  const std::vector<int> numbers = free_numbers(acl, passing, passing.remotes.size());
  if (numbers.empty()) return std::nullopt;
  Change change;
  change.text = fmt::format("In the network ACL {} of {}, allow {} {}{} {} {}", acl.name, site.name,
                            passing.protocol == Protocol::udp ? "UDP" : "TCP", passing.ports.first,
                            passing.ports.first == passing.ports.last ? "" : fmt::format("-{}", passing.ports.last),
                            passing.egress ? "out to" : "in from", words(passing.remotes));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    change.other_cli.push_back(entry_command(numbers[i], passing, passing.remotes[i]));
    change.edits.push_back({append,
                            {"sites", site.name, "networkAcls", acl.name},
                            "entries",
                            "",
                            entry_json(numbers[i], passing, passing.remotes[i])});
  }
  change.added = AddedAclEntries{site.name, acl.name, passing};
  return change;
}

std::optional<Change> allow_in_admin_rules(const SecurityAdminConfiguration& configuration,
                                           const RuleCollection& collection, const AdminRule& before,
                                           const Passing& passing) {
  std::set<int> taken;
  for (const RuleCollection& other : configuration.rule_collections)
    for (const AdminRule& rule : other.rules) taken.insert(rule.priority);
  int priority = before.priority - 1;
  while (priority >= first_priority && taken.contains(priority)) --priority;
  if (priority < first_priority) return std::nullopt;
  const std::string name = free_rule_name(collection, passing);
  Change change;
  change.text = fmt::format(
      "In the security admin rules {}/{}, leave {} {} from {} to {} to the security groups, {}, "
      "with priority {}",
      configuration.name, collection.name, passing.protocol == Protocol::udp ? "UDP" : "TCP", passing.port,
      words(passing.sources), words(passing.destinations), to_string(before.direction), priority);
  change.az_cli = {
      fmt::format(
          "az network manager security-admin-config rule-collection rule create {} --rule-name {} --kind Custom "
          "--priority {} --direction {} --access Allow --protocol {} --sources {} --source-port-ranges 0-65535 "
          "--destinations {} --dest-port-ranges {}",
          admin_rule_words(configuration, collection), word(name), priority, to_string(before.direction),
          to_string(passing.protocol), addresses_words(passing.sources), addresses_words(passing.destinations),
          passing.port),
      commit_command()};
  change.edits = {{append,
                   {"securityAdminConfigurations", configuration.name, "ruleCollections", collection.name},
                   "rules",
                   "",
                   json::object{{"name", name},
                                {"priority", priority},
                                {"direction", to_string(before.direction)},
                                {"access", "Allow"},
                                {"protocol", to_string(passing.protocol)},
                                {"sources", strings(passing.sources)},
                                {"destinations", strings(passing.destinations)},
                                {"destinationPortRanges", json::array{std::to_string(passing.port)}}}}};
  change.added = AddedAdminRule{configuration.name, collection.name, before.name, passing};
  return change;
}

Change remove_admin_rule(const SecurityAdminConfiguration& configuration, const RuleCollection& collection,
                         const AdminRule& rule) {
  return {fmt::format("Delete the security admin rule {}/{}/{}", configuration.name, collection.name, rule.name),
          {fmt::format("az network manager security-admin-config rule-collection rule delete {} --rule-name {} --yes",
                       admin_rule_words(configuration, collection), word(rule.name)),
           commit_command()},
          {{erase,
            {"securityAdminConfigurations", configuration.name, "ruleCollections", collection.name},
            "rules",
            rule.name}}};
}

Change authorize_networks(const Server& server, const std::string& from, const std::vector<Cidr>& prefixes) {
  std::vector<std::string> all;
  for (const AuthorizedNetwork& network : *server.authorized_networks) all.push_back(network.value.to_string());
  for (const Cidr& prefix : prefixes) all.push_back(prefix.to_string());
  Change change;
  change.text = fmt::format("Authorize {}, the address of {}, at {}", words(prefixes), from, server.name);
  // gcloud replaces the whole list.
  change.other_cli = {
      fmt::format("gcloud sql instances patch {} --authorized-networks={}", word(server.name), fmt::join(all, ","))};
  for (const Cidr& prefix : prefixes)
    change.edits.push_back({append,
                            {"servers", server.name},
                            "authorizedNetworks",
                            "",
                            json::object{{"name", name_from("allow-" + from)}, {"value", prefix.to_string()}}});
  return change;
}

Change announce(const VirtualNetworkGateway& gateway, const GatewayConnection& connection, const Cidr& prefix) {
  return {fmt::format("On the router of {}, announce {} by BGP over {}/{}", connection.site, prefix.to_string(),
                      gateway.name, connection.name),
          {fmt::format("az network vnet-gateway list-learned-routes {} --name {}", group, word(gateway.name))},
          {{append,
            {"virtualNetworkGateways", gateway.name, "connections", connection.name},
            "learnedRoutes",
            "",
            json::string{prefix.to_string()}}}};
}

}  // namespace pgpassage::scenarios::fix
