#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/base/location.hpp"

/// The topology file as values (contract 1). Names are Azure Resource Manager's.
///
/// A `Topology` that the reader returned is consistent: names are unique within their kind, every reference names
/// an object that exists (so the `find_*` functions answer with an object for a reference that is not empty),
/// prefixes have no host bits, subnets lie inside their VNet and do not overlap. Objects keep the order of the file,
/// except security rules, which are sorted by priority.
/// Absence: an empty string is a reference that the file does not give; `std::optional` is used where absent and
/// empty mean different things.
namespace pgpassage {

enum class Direction : std::uint8_t { inbound, outbound };
enum class Access : std::uint8_t { allow, deny };
enum class Protocol : std::uint8_t { any, tcp, udp, icmp, esp, ah };

struct PortRange {
  Port first = 0;
  Port last = 65535;

  bool contains(Port port) const { return first <= port && port <= last; }
  bool operator==(const PortRange&) const = default;
};

/// One entry of an address prefix list: a prefix, or a service tag such as VirtualNetwork or Sql.WestEurope.
struct AddressPrefix {
  std::optional<Cidr> cidr;  ///< absent for a tag and for "*"
  std::string tag;           ///< "*" for any address; else the tag's name; empty when `cidr` is set

  bool operator==(const AddressPrefix&) const = default;
};

/// A rule of an NSG or of a site's own filter. Lists are never empty in a rule that was read from a file, except
/// that one of prefixes and application security groups may be empty on each side.
struct SecurityRule {
  std::string name;
  int priority = 0;  ///< 100-4096 in an NSG, 65000-65500 for its defaults; position in the list for a site
  Direction direction = Direction::inbound;
  Access access = Access::allow;
  Protocol protocol = Protocol::any;
  std::vector<AddressPrefix> source_prefixes;
  std::vector<PortRange> source_ports;
  std::vector<AddressPrefix> destination_prefixes;
  std::vector<PortRange> destination_ports;
  std::vector<std::string> source_groups;       ///< application security groups
  std::vector<std::string> destination_groups;  ///< application security groups
  Location location;

  bool operator==(const SecurityRule&) const = default;
};

struct NetworkSecurityGroup {
  std::string name;
  std::vector<SecurityRule> rules;  ///< sorted by priority; the six default rules are not in it
  Location location;

  bool operator==(const NetworkSecurityGroup&) const = default;
};

enum class PeeringState : std::uint8_t { initiated, connected, disconnected };

struct Peering {
  std::string name;
  std::string remote_virtual_network;
  PeeringState state = PeeringState::connected;
  bool allow_virtual_network_access = true;
  bool allow_forwarded_traffic = false;
  bool allow_gateway_transit = false;
  bool use_remote_gateways = false;
  Location location;

  bool operator==(const Peering&) const = default;
};

enum class PrivateEndpointNetworkPolicies : std::uint8_t {
  disabled,
  enabled,
  network_security_group_enabled,
  route_table_enabled
};

struct Subnet {
  std::string name;
  std::vector<Cidr> prefixes;  ///< addressPrefix or addressPrefixes
  std::string network_security_group;
  std::string route_table;
  std::vector<std::string> delegations;
  std::vector<std::string> service_endpoints;
  PrivateEndpointNetworkPolicies private_endpoint_network_policies = PrivateEndpointNetworkPolicies::disabled;
  Location location;

  bool operator==(const Subnet&) const = default;
};

struct VirtualNetwork {
  std::string name;
  std::string azure_location;  ///< ARM's "location": westeurope
  std::vector<Cidr> address_prefixes;
  std::vector<IpAddress> dns_servers;  ///< empty: Azure-provided DNS
  std::vector<Subnet> subnets;
  std::vector<Peering> peerings;
  Location location;

  bool operator==(const VirtualNetwork&) const = default;
};

enum class NextHopType : std::uint8_t { virtual_network_gateway, vnet_local, internet, virtual_appliance, none };

struct Route {
  std::string name;
  AddressPrefix prefix;  ///< a prefix or a service tag
  NextHopType next_hop_type = NextHopType::none;
  std::optional<IpAddress> next_hop_ip_address;  ///< present exactly for virtual_appliance
  Location location;

  bool operator==(const Route&) const = default;
};

struct RouteTable {
  std::string name;
  bool disable_bgp_route_propagation = false;
  std::vector<Route> routes;
  Location location;

  bool operator==(const RouteTable&) const = default;
};

struct NetworkAppliance {
  std::string name;
  std::string virtual_network;
  std::string subnet;
  IpAddress ip_address;
  bool enable_ip_forwarding = true;  ///< of its network interface, set in Azure
  bool forwards = true;              ///< its own operating system and rules pass the traffic on
  Location location;

  bool operator==(const NetworkAppliance&) const = default;
};

enum class GatewayType : std::uint8_t { vpn, express_route };
enum class ConnectionStatus : std::uint8_t { connected, connecting, not_connected, unknown };

struct GatewayConnection {
  std::string name;
  std::string site;
  ConnectionStatus status = ConnectionStatus::unknown;
  Location location;
  bool enable_bgp = false;  ///< of a VPN connection; ExpressRoute always has it
  /// What the far side announces by BGP; absent: the site's address prefixes. When given, exactly these are routed.
  std::optional<std::vector<Cidr>> learned_routes;

  bool operator==(const GatewayConnection&) const = default;
};

struct VirtualNetworkGateway {
  std::string name;
  std::string virtual_network;
  GatewayType type = GatewayType::vpn;
  std::vector<GatewayConnection> connections;
  Location location;

  bool operator==(const VirtualNetworkGateway&) const = default;
};

enum class SiteKind : std::uint8_t { on_premises, aws, gcp };

/// An entry of a network ACL of AWS.
struct NetworkAclEntry {
  int rule_number = 0;  ///< 1-32766, the lowest is tried first
  bool egress = false;  ///< true for traffic that leaves the subnet
  Protocol protocol = Protocol::any;
  Access rule_action = Access::deny;
  Cidr cidr_block;       ///< cidrBlock or ipv6CidrBlock: the other end
  PortRange port_range;  ///< destination ports; all of them unless the protocol is TCP or UDP
  Location location;

  bool operator==(const NetworkAclEntry&) const = default;
};

/// A network ACL of AWS: stateless, so answers need an entry of their own. What no entry names is denied.
struct NetworkAcl {
  std::string name;
  bool is_default = false;               ///< for every address of the site that no other one covers
  std::vector<Cidr> associations;        ///< CIDR blocks of the subnets it belongs to
  std::vector<NetworkAclEntry> entries;  ///< sorted by rule number
  Location location;

  bool operator==(const NetworkAcl&) const = default;
};

/// A network outside Azure.
struct Site {
  std::string name;
  SiteKind kind = SiteKind::on_premises;
  std::vector<Cidr> address_prefixes;
  std::optional<std::vector<IpAddress>> dns_servers;        ///< absent: its own resolver, not described
  std::optional<std::vector<Cidr>> routes;                  ///< absent: the gateway's VNet and its transit peers
  std::optional<std::vector<SecurityRule>> firewall_rules;  ///< absent: unknown; empty: nobody. In file order
  /// Of aws only. Absent: AWS's own default ACL, which lets everything through; an address that none covers: unknown.
  std::optional<std::vector<NetworkAcl>> network_acls;
  Location location;

  bool operator==(const Site&) const = default;
};

/// An address record of a custom DNS server or of a private DNS zone. `name` is "@" for a zone's own name.
struct ARecord {
  std::string name;
  std::vector<IpAddress> ipv4_addresses;
  int ttl_seconds = 3600;
  Location location;
  std::vector<IpAddress> ipv6_addresses;  ///< of a custom DNS server; a zone has AAAA records for them

  bool operator==(const ARecord&) const = default;
};

struct AaaaRecord {
  std::string name;
  std::vector<IpAddress> ipv6_addresses;
  int ttl_seconds = 3600;
  Location location;

  bool operator==(const AaaaRecord&) const = default;
};

struct CnameRecord {
  std::string name;
  std::string cname;
  int ttl_seconds = 3600;
  Location location;

  bool operator==(const CnameRecord&) const = default;
};

struct ConditionalForwarder {
  std::string zone;
  std::vector<IpAddress> forwarders;
  Location location;

  bool operator==(const ConditionalForwarder&) const = default;
};

/// A DNS server of the user's own, in a VNet (with subnet) or at a site.
struct DnsServer {
  std::string name;
  IpAddress ip_address;
  std::string virtual_network;
  std::string subnet;
  std::string site;
  std::vector<IpAddress> forwarders;
  std::vector<ConditionalForwarder> conditional_forwarders;
  std::vector<ARecord> records;  ///< full names
  Location location;

  bool operator==(const DnsServer&) const = default;
};

enum class ResolutionPolicy : std::uint8_t { standard, nx_domain_redirect };  ///< Default, NxDomainRedirect

struct VirtualNetworkLink {
  std::string name;
  std::string virtual_network;
  bool registration_enabled = false;
  ResolutionPolicy resolution_policy = ResolutionPolicy::standard;
  Location location;

  bool operator==(const VirtualNetworkLink&) const = default;
};

struct PrivateDnsZone {
  std::string name;  ///< the zone's own name, lower case, no trailing dot
  std::vector<VirtualNetworkLink> virtual_network_links;
  std::vector<ARecord> a_records;
  std::vector<CnameRecord> cname_records;
  Location location;
  std::vector<AaaaRecord> aaaa_records;

  bool operator==(const PrivateDnsZone&) const = default;
};

struct ForwardingRule {
  std::string domain_name;  ///< ends with a dot; "." is the wildcard
  std::vector<IpAddress> target_dns_servers;
  bool enabled = true;
  Location location;

  bool operator==(const ForwardingRule&) const = default;
};

struct DnsForwardingRuleset {
  std::string name;
  std::vector<std::string> virtual_network_links;  ///< names of VNets
  std::vector<ForwardingRule> rules;
  Location location;
  std::vector<std::string> resolver_outbound_endpoints;  ///< names of outbound endpoints, at most two

  bool operator==(const DnsForwardingRuleset&) const = default;
};

struct DnsInboundEndpoint {
  std::string name;
  std::string virtual_network;
  std::string subnet;
  IpAddress ip_address;
  Location location;

  bool operator==(const DnsInboundEndpoint&) const = default;
};

/// From where a forwarding ruleset sends its questions. A file without any says nothing about them.
struct DnsOutboundEndpoint {
  std::string name;
  std::string virtual_network;
  std::string subnet;
  Location location;

  bool operator==(const DnsOutboundEndpoint&) const = default;
};

/// Virtual networks that Virtual Network Manager treats alike.
struct NetworkGroup {
  std::string name;
  std::vector<std::string> static_members;  ///< names of VNets
  Location location;

  bool operator==(const NetworkGroup&) const = default;
};

enum class AdminRuleAccess : std::uint8_t { allow, deny, always_allow };

/// A security admin rule of Virtual Network Manager. No list is empty in a rule that was read from a file.
struct AdminRule {
  std::string name;
  int priority = 0;  ///< 1-4096
  Direction direction = Direction::inbound;
  AdminRuleAccess access = AdminRuleAccess::deny;
  Protocol protocol = Protocol::any;
  std::vector<AddressPrefix> sources;
  std::vector<PortRange> source_ports;
  std::vector<AddressPrefix> destinations;
  std::vector<PortRange> destination_ports;
  Location location;

  bool operator==(const AdminRule&) const = default;
};

struct RuleCollection {
  std::string name;
  std::vector<std::string> applies_to_groups;  ///< names of network groups
  std::vector<AdminRule> rules;                ///< sorted by priority
  Location location;

  bool operator==(const RuleCollection&) const = default;
};

/// Tried before every NSG of the VNets in its groups. Of several, the one that stands first in the file comes first.
struct SecurityAdminConfiguration {
  std::string name;
  std::vector<RuleCollection> rule_collections;
  Location location;

  bool operator==(const SecurityAdminConfiguration&) const = default;
};

enum class EndpointConnectionState : std::uint8_t { approved, pending, rejected, disconnected };

struct PrivateEndpoint {
  std::string name;
  std::string virtual_network;
  std::string subnet;
  IpAddress private_ip_address;
  std::string private_link_service;  ///< name of a server
  EndpointConnectionState connection_state = EndpointConnectionState::approved;
  std::vector<std::string> private_dns_zone_group;  ///< names of private DNS zones
  Location location;

  bool operator==(const PrivateEndpoint&) const = default;
};

enum class ServerKind : std::uint8_t {
  on_premises,
  azure_vm,
  amazon_rds,
  amazon_aurora,
  google_cloud_sql,
  single_server,
  flexible_server,
  other_cloud
};
enum class ServerAccess : std::uint8_t { public_access, private_access, vnet_integrated, private_endpoint };
enum class Tier : std::uint8_t { basic, general_purpose, memory_optimized, burstable };
enum class SslMode : std::uint8_t { disable, allow, prefer, require, verify_ca, verify_full };

/// A range of a public server's firewall, both ends inclusive.
struct FirewallRule {
  std::string name;
  IpAddress start_ip_address;
  IpAddress end_ip_address;
  Location location;

  bool operator==(const FirewallRule&) const = default;
};

/// An entry of Cloud SQL's list of authorized networks.
struct AuthorizedNetwork {
  std::string name;  ///< may be empty
  Cidr value;
  Location location;

  bool operator==(const AuthorizedNetwork&) const = default;
};

struct SubnetReference {
  std::string virtual_network;
  std::string subnet;
  Location location;

  bool operator==(const SubnetReference&) const = default;
};

struct Server {
  std::string name;
  ServerKind kind = ServerKind::on_premises;
  ServerAccess access = ServerAccess::private_access;
  std::string fqdn;  ///< lower case, no trailing dot; empty when not given
  Port port = 5432;
  std::string site;             ///< or
  std::string virtual_network;  ///< with `subnet`, or neither for a public server
  std::string subnet;
  std::optional<IpAddress> ip_address;
  std::optional<IpAddress> ipv6_address;  ///< beside `ip_address`, in a dual-stack subnet
  std::string network_security_group;
  std::vector<std::string> application_security_groups;
  std::optional<std::vector<FirewallRule>> firewall_rules;            ///< absent: unknown; empty: nobody
  std::optional<std::vector<AuthorizedNetwork>> authorized_networks;  ///< of Cloud SQL; absent: unknown; empty: nobody
  std::vector<SubnetReference> virtual_network_rules;
  std::optional<IpAddress> public_ip_address;
  std::vector<IpAddress> egress_ip_addresses;
  std::string azure_location;
  std::optional<Tier> tier;
  std::optional<int> storage_gb;
  std::optional<bool> public_network_access;  ///< Enabled is true
  std::string private_dns_zone;
  std::string custom_host;
  std::optional<SslMode> ssl_mode;
  std::string user;
  std::string password_file;
  std::string password_env;
  std::string agent;  ///< URL
  Location location;

  bool operator==(const Server&) const = default;
};

/// A machine of the user's own on which pgpassage can run.
struct Host {
  std::string name;
  std::string virtual_network;  ///< with `subnet`, or `site`
  std::string subnet;
  std::string site;
  IpAddress ip_address;
  std::string network_security_group;
  std::vector<std::string> application_security_groups;
  std::string agent;       ///< URL
  std::string stands_for;  ///< name of a server
  Location location;
  std::optional<IpAddress> ipv6_address;

  bool operator==(const Host&) const = default;
};

enum class MigrationMode : std::uint8_t { offline, online };
enum class MigrationOption : std::uint8_t { validate, migrate, validate_and_migrate };

struct Migration {
  std::string name;
  std::string source;
  std::string target;
  std::string runtime_server;  ///< empty: none
  MigrationMode mode = MigrationMode::offline;
  MigrationOption option = MigrationOption::validate_and_migrate;
  std::vector<std::string> databases;
  bool overwrite_dbs_in_target = false;
  Location location;

  bool operator==(const Migration&) const = default;
};

struct ServiceTag {
  std::string name;
  std::vector<Cidr> prefixes;
  Location location;

  bool operator==(const ServiceTag&) const = default;
};

/// Something that is allowed in the file and probably not meant: an application security group that only rules name.
struct ReadingNote {
  std::string subject;
  std::string message;
  Location location;

  bool operator==(const ReadingNote&) const = default;
};

struct Topology {
  std::string name;
  std::string description;
  std::string edition;  ///< empty when the file does not say
  std::vector<std::string> application_security_groups;
  std::vector<ServiceTag> service_tags;
  std::vector<VirtualNetwork> virtual_networks;
  std::vector<NetworkSecurityGroup> network_security_groups;
  std::vector<NetworkGroup> network_groups;
  std::vector<SecurityAdminConfiguration> security_admin_configurations;
  std::vector<RouteTable> route_tables;
  std::vector<NetworkAppliance> network_appliances;
  std::vector<VirtualNetworkGateway> virtual_network_gateways;
  std::vector<Site> sites;
  std::vector<DnsServer> dns_servers;
  std::vector<PrivateDnsZone> private_dns_zones;
  std::vector<DnsForwardingRuleset> dns_forwarding_rulesets;
  std::vector<DnsInboundEndpoint> dns_inbound_endpoints;
  std::vector<DnsOutboundEndpoint> dns_outbound_endpoints;
  std::vector<PrivateEndpoint> private_endpoints;
  std::vector<Server> servers;
  std::vector<Host> hosts;
  std::optional<Migration> migration;
  std::vector<ReadingNote> notes;

  bool operator==(const Topology&) const = default;
};

/// The object of that name, or null. The pointer is valid as long as the topology is and is not changed.
const VirtualNetwork* find_virtual_network(const Topology& topology, std::string_view name);
const Subnet* find_subnet(const VirtualNetwork& network, std::string_view name);
const Subnet* find_subnet(const Topology& topology, std::string_view network, std::string_view subnet);
const NetworkSecurityGroup* find_network_security_group(const Topology& topology, std::string_view name);
const RouteTable* find_route_table(const Topology& topology, std::string_view name);
const Site* find_site(const Topology& topology, std::string_view name);
const PrivateDnsZone* find_private_dns_zone(const Topology& topology, std::string_view name);
const Server* find_server(const Topology& topology, std::string_view name);
const Host* find_host(const Topology& topology, std::string_view name);
const NetworkGroup* find_network_group(const Topology& topology, std::string_view name);
const DnsOutboundEndpoint* find_dns_outbound_endpoint(const Topology& topology, std::string_view name);
const ServiceTag* find_service_tag(const Topology& topology, std::string_view name);

/// The private endpoint whose privateLinkService is that server: the Approved one first; null when there is none.
const PrivateEndpoint* find_private_endpoint_of(const Topology& topology, std::string_view server);
/// The peering of `network` towards `remote`, or null.
const Peering* find_peering(const VirtualNetwork& network, std::string_view remote);

/// The contract's spelling of each enumerator; the reader and the reports share these tables.
const char* to_string(Direction value);
const char* to_string(Access value);
const char* to_string(AdminRuleAccess value);
const char* to_string(Protocol value);
const char* to_string(PeeringState value);
const char* to_string(PrivateEndpointNetworkPolicies value);
const char* to_string(NextHopType value);
const char* to_string(GatewayType value);
const char* to_string(ConnectionStatus value);
const char* to_string(SiteKind value);
const char* to_string(ResolutionPolicy value);
const char* to_string(EndpointConnectionState value);
const char* to_string(ServerKind value);
const char* to_string(ServerAccess value);
const char* to_string(Tier value);
const char* to_string(SslMode value);
const char* to_string(MigrationMode value);
const char* to_string(MigrationOption value);

}  // namespace pgpassage
