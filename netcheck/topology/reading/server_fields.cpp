#include "netcheck/topology/reading/kinds.hpp"

namespace pgpassage::reading {
namespace {

constexpr Field endpoint_fields[] = {
    field<&PrivateEndpoint::name>("name", required, "Name, unique among private endpoints"),
    field<&PrivateEndpoint::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&PrivateEndpoint::subnet>("subnet", required, "Name of a subnet of it"),
    field<&PrivateEndpoint::private_ip_address>("privateIPAddress", required, "Address in that subnet"),
    field<&PrivateEndpoint::private_link_service>("privateLinkService", required, "Name of a servers entry"),
    field<&PrivateEndpoint::connection_state>("connectionState", optional, "Approved when absent"),
    field_as<&PrivateEndpoint::private_dns_zone_group, List<DnsName>>("privateDnsZoneGroup", optional,
                                                                      "Zones in which it writes its own A records"),
};

constexpr Field firewall_fields[] = {
    field<&FirewallRule::name>("name", required, "Name, unique in its server"),
    field_as<&FirewallRule::start_ip_address, Ipv4Address>("startIpAddress", required, "First address let in"),
    field_as<&FirewallRule::end_ip_address, Ipv4Address>("endIpAddress", required, "Last address let in"),
};

constexpr Field authorized_network_fields[] = {
    field<&AuthorizedNetwork::name>("name", optional, "Name, unique in its server"),
    field<&AuthorizedNetwork::value>("value", required, "Prefix let in"),
};

constexpr Field subnet_reference_fields[] = {
    field<&SubnetReference::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&SubnetReference::subnet>("subnet", required, "Name of a subnet of it"),
};

constexpr Field server_fields[] = {
    field<&Server::name>("name", required, "Name, unique among servers"),
    field<&Server::kind>("kind", required, "What runs PostgreSQL"),
    field<&Server::access>("access", required, "How it is reached"),
    field_as<&Server::fqdn, DnsName>("fqdn", optional, "Its full DNS name"),
    field<&Server::port>("port", optional, "5432 when absent"),
    field<&Server::site>("site", optional, "Name of a sites entry, or give virtualNetwork"),
    field<&Server::virtual_network>("virtualNetwork", optional, "Name of a virtualNetworks entry"),
    field<&Server::subnet>("subnet", optional, "Name of a subnet of it"),
    field<&Server::ip_address>("ipAddress", optional, "Its private address"),
    field_as<&Server::ipv6_address, Maybe<Ipv6Address>>("ipv6Address", optional,
                                                        "Its private IPv6 address, beside ipAddress"),
    field<&Server::network_security_group>("networkSecurityGroup", optional, "NSG of its network interface"),
    field<&Server::application_security_groups>("applicationSecurityGroups", optional, "Groups it belongs to"),
    field<&Server::firewall_rules>("firewallRules", optional, "Of a public server; absent: unknown; empty: nobody"),
    field<&Server::authorized_networks>("authorizedNetworks", optional, "Of Cloud SQL; absent: unknown; empty: nobody"),
    field<&Server::virtual_network_rules>("virtualNetworkRules", optional, "Of a Single Server"),
    field<&Server::public_ip_address>("publicIpAddress", optional, "Its public address"),
    field<&Server::egress_ip_addresses>("egressIpAddresses", optional, "Public addresses it is seen from"),
    field<&Server::azure_location>("location", optional, "Azure region"),
    field<&Server::tier>("tier", optional, "Compute tier"),
    field<&Server::storage_gb>("storageGb", optional, "Size of its storage"),
    field_as<&Server::public_network_access, Maybe<EnabledOrDisabled>>("publicNetworkAccess", optional,
                                                                       "Whether its public endpoint answers"),
    field_as<&Server::private_dns_zone, DnsName>("privateDnsZone", optional, "Zone of a VNet-integrated server"),
    field_as<&Server::custom_host, CustomHost>("customHost", optional, "The custom FQDN/IP field"),
    field<&Server::ssl_mode>("sslMode", optional, "libpq's sslmode"),
    field_as<&Server::user, UserName>("user", optional, "The role that migrates"),
    field_as<&Server::password_file, Text>("passwordFile", optional, "Path of a file with the password"),
    field_as<&Server::password_env, EnvironmentName>("passwordEnv", optional, "Environment variable with the password"),
    field_as<&Server::agent, AgentUrl>("agent", optional, "URL of a pgpassage agent on this very machine"),
};
constexpr Choice server_choices[] = {choice(server_fields, "site", "virtualNetwork", optional),
                                     choice(server_fields, "passwordFile", "passwordEnv", optional),
                                     choice(server_fields, "firewallRules", "authorizedNetworks", optional)};

constexpr Field host_fields[] = {
    field<&Host::name>("name", required, "Name, unique among hosts"),
    field<&Host::virtual_network>("virtualNetwork", optional, "Name of a virtualNetworks entry, or give site"),
    field<&Host::subnet>("subnet", optional, "Name of a subnet of it"),
    field<&Host::site>("site", optional, "Name of a sites entry"),
    field<&Host::ip_address>("ipAddress", required, "Its private address"),
    field_as<&Host::ipv6_address, Maybe<Ipv6Address>>("ipv6Address", optional,
                                                      "Its private IPv6 address, beside ipAddress"),
    field<&Host::network_security_group>("networkSecurityGroup", optional, "NSG of its network interface"),
    field<&Host::application_security_groups>("applicationSecurityGroups", optional, "Groups it belongs to"),
    field_as<&Host::agent, AgentUrl>("agent", optional, "URL of the pgpassage agent on it"),
    field<&Host::stands_for>("standsFor", optional, "The server in whose role it crosses"),
};
constexpr Choice host_choices[] = {choice(host_fields, "virtualNetwork", "site", required)};

constexpr Field migration_fields[] = {
    field_as<&Migration::name, PlainName>("name", required, "Letters, digits and hyphens, unique per target"),
    field<&Migration::source>("source", required, "Name of a servers entry"),
    field<&Migration::target>("target", required, "Name of a servers entry"),
    field<&Migration::runtime_server>("runtimeServer", optional, "Name of a servers entry, not the target"),
    field<&Migration::mode>("migrationMode", optional, "Offline when absent"),
    field<&Migration::option>("migrationOption", optional, "ValidateAndMigrate when absent"),
    field_as<&Migration::databases, List<Text>>("databases", optional, "At most 8 in one attempt"),
    field<&Migration::overwrite_dbs_in_target>("overwriteDbsInTarget", optional, "false when absent"),
};

}  // namespace

template <>
const ObjectKind& kind_of<PrivateEndpoint>() {
  static constexpr ObjectKind kind{"private endpoint", "A server's address in a virtual network", endpoint_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<FirewallRule>() {
  static constexpr ObjectKind kind{
      "firewall rule", "Addresses that a public server lets in", firewall_fields, {}, finish_firewall_range};
  return kind;
}
template <>
const ObjectKind& kind_of<AuthorizedNetwork>() {
  static constexpr ObjectKind kind{"authorized network", "Addresses that Cloud SQL lets in", authorized_network_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<SubnetReference>() {
  static constexpr ObjectKind kind{"virtual network rule", "A subnet that a Single Server lets in",
                                   subnet_reference_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<Server>() {
  static constexpr ObjectKind kind{"server", "A PostgreSQL server", server_fields, server_choices, finish_server};
  return kind;
}
template <>
const ObjectKind& kind_of<Host>() {
  static constexpr ObjectKind kind{"host", "A machine of yours on which pgpassage can run", host_fields, host_choices};
  return kind;
}
template <>
const ObjectKind& kind_of<Migration>() {
  static constexpr ObjectKind kind{
      "migration", "What is to be moved, from where to where", migration_fields, {}, finish_migration};
  return kind;
}

}  // namespace pgpassage::reading
