#include <array>

#include "netcheck/topology/reading/kinds.hpp"

namespace pgpassage::reading {
namespace {

constexpr Field name_field = field<&SecurityRule::name>("name", required, "Name, unique in its list");
constexpr Field priority_field =
    field<&SecurityRule::priority>("priority", required, "100-4096, unique per direction; the lowest is tried first");
constexpr Field direction_field = field<&SecurityRule::direction>("direction", required, "As the connection is opened");
constexpr Field access_field = field<&SecurityRule::access>("access", required, "What is done with what matches");
constexpr Field source_prefix = field_as<&SecurityRule::source_prefixes, Single<PrefixOrTag>>(
    "sourceAddressPrefix", optional, "A prefix, an address, a service tag or *");
constexpr Field source_prefixes =
    field<&SecurityRule::source_prefixes>("sourceAddressPrefixes", optional, "In place of sourceAddressPrefix");
constexpr Field source_port = field_as<&SecurityRule::source_ports, Single<Ports>>(
    "sourcePortRange", optional, "A port, a range or *; any when absent");
constexpr Field source_ports =
    field<&SecurityRule::source_ports>("sourcePortRanges", optional, "In place of sourcePortRange");
constexpr Field destination_prefix = field_as<&SecurityRule::destination_prefixes, Single<PrefixOrTag>>(
    "destinationAddressPrefix", optional, "A prefix, an address, a service tag or *");
constexpr Field destination_prefixes = field<&SecurityRule::destination_prefixes>(
    "destinationAddressPrefixes", optional, "In place of destinationAddressPrefix");
constexpr Field destination_port =
    field_as<&SecurityRule::destination_ports, Single<Ports>>("destinationPortRange", optional, "A port, a range or *");
constexpr Field destination_ports =
    field<&SecurityRule::destination_ports>("destinationPortRanges", optional, "In place of destinationPortRange");

constexpr Field security_rule_fields[] = {
    name_field,
    priority_field,
    direction_field,
    access_field,
    field<&SecurityRule::protocol>("protocol", required, "* is any"),
    source_prefix,
    source_prefixes,
    source_port,
    source_ports,
    destination_prefix,
    destination_prefixes,
    destination_port,
    destination_ports,
    field<&SecurityRule::source_groups>("sourceApplicationSecurityGroups", optional, "Names of groups"),
    field<&SecurityRule::destination_groups>("destinationApplicationSecurityGroups", optional, "Names of groups"),
};

constexpr Field firewall_rule_fields[] = {
    name_field,         direction_field,
    access_field,       field<&SecurityRule::protocol>("protocol", optional, "Any when absent"),
    source_prefix,      source_prefixes,
    source_port,        source_ports,
    destination_prefix, destination_prefixes,
    destination_port,   destination_ports,
};

constexpr std::array<Choice, 4> rule_choices(std::span<const Field> fields) {
  return {choice(fields, "sourceAddressPrefix", "sourceAddressPrefixes", optional),
          choice(fields, "sourcePortRange", "sourcePortRanges", optional),
          choice(fields, "destinationAddressPrefix", "destinationAddressPrefixes", optional),
          choice(fields, "destinationPortRange", "destinationPortRanges", optional)};
}
constexpr auto security_rule_choices = rule_choices(security_rule_fields);
constexpr auto firewall_rule_choices = rule_choices(firewall_rule_fields);

constexpr Field security_group_fields[] = {
    field<&NetworkSecurityGroup::name>("name", required, "Name, unique among NSGs"),
    field<&NetworkSecurityGroup::rules>("securityRules", optional, "Besides Azure's six default rules"),
};

using FirewallRules = Maybe<List<Object<SecurityRule, firewall_rule_kind>>>;

constexpr Field site_fields[] = {
    field<&Site::name>("name", required, "Name, unique among sites"),
    field<&Site::kind>("kind", required, "onPremises, aws or gcp"),
    field<&Site::address_prefixes>("addressPrefixes", required, "Its networks"),
    field<&Site::dns_servers>("dnsServers", optional, "Addresses; absent: its own resolver, not described"),
    field<&Site::routes>("routes", optional,
                         "What it sends over its connection; absent: the gateway's network and its transit peers"),
    field_as<&Site::firewall_rules, FirewallRules>("firewallRules", optional,
                                                   "Its own filter, first match; absent: unknown; empty: nobody"),
    field<&Site::network_acls>(
        "networkAcls", optional,
        "Of aws: stateless filters of its subnets; absent: its default, which lets everything pass"),
};

}  // namespace

template <>
const ObjectKind& kind_of<SecurityRule>() {
  static constexpr ObjectKind kind{"security rule", "A rule of an NSG", security_rule_fields, security_rule_choices,
                                   finish_security_rule};
  return kind;
}
const ObjectKind& firewall_rule_kind() {
  static constexpr ObjectKind kind{"site firewall rule", "A rule of a site's own filter", firewall_rule_fields,
                                   firewall_rule_choices, finish_firewall_rule};
  return kind;
}
template <>
const ObjectKind& kind_of<NetworkSecurityGroup>() {
  static constexpr ObjectKind kind{"network security group", "An NSG", security_group_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<Site>() {
  static constexpr ObjectKind kind{"site", "A network outside Azure", site_fields, {}, finish_site};
  return kind;
}

}  // namespace pgpassage::reading
