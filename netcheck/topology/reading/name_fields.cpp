#include "netcheck/topology/reading/kinds.hpp"

namespace pgpassage::reading {
namespace {

constexpr Field a_record_fields[] = {
    field_as<&ARecord::name, RecordName>("name", required, "Relative to the zone, @ for the zone itself"),
    field_as<&ARecord::ipv4_addresses, List<Ipv4Address>>("ipv4Addresses", required, "Addresses"),
    field<&ARecord::ttl_seconds>("ttl", optional, "Seconds; 3600 when absent"),
};

constexpr Field server_record_fields[] = {
    field_as<&ARecord::name, RecordName>("name", required, "Full name"),
    field_as<&ARecord::ipv4_addresses, List<Ipv4Address>>("ipv4Addresses", optional, "Addresses"),
    field_as<&ARecord::ipv6_addresses, List<Ipv6Address>>("ipv6Addresses", optional, "Addresses, of its AAAA record"),
    field<&ARecord::ttl_seconds>("ttl", optional, "Seconds; 3600 when absent"),
};

constexpr Field aaaa_record_fields[] = {
    field_as<&AaaaRecord::name, RecordName>("name", required, "Relative to the zone, @ for the zone itself"),
    field_as<&AaaaRecord::ipv6_addresses, List<Ipv6Address>>("ipv6Addresses", required, "Addresses"),
    field<&AaaaRecord::ttl_seconds>("ttl", optional, "Seconds; 3600 when absent"),
};

constexpr Field cname_record_fields[] = {
    field_as<&CnameRecord::name, RecordName>("name", required, "Relative to the zone"),
    field_as<&CnameRecord::cname, DnsName>("cname", required, "The full name it stands for"),
    field<&CnameRecord::ttl_seconds>("ttl", optional, "Seconds; 3600 when absent"),
};

constexpr Field conditional_forwarder_fields[] = {
    field_as<&ConditionalForwarder::zone, DnsName>("zone", required, "Names that end so are sent on"),
    field<&ConditionalForwarder::forwarders>("forwarders", required, "Addresses"),
};

constexpr Field dns_server_fields[] = {
    field<&DnsServer::name>("name", required, "Name, unique among DNS servers"),
    field<&DnsServer::ip_address>("ipAddress", required, "Its address"),
    field<&DnsServer::virtual_network>("virtualNetwork", optional, "Name of a virtualNetworks entry, or give site"),
    field<&DnsServer::subnet>("subnet", optional, "Name of a subnet of it"),
    field<&DnsServer::site>("site", optional, "Name of a sites entry"),
    field<&DnsServer::forwarders>("forwarders", optional, "Addresses that get all other names"),
    field<&DnsServer::conditional_forwarders>("conditionalForwarders", optional, "Addresses that get some names"),
    field_as<&DnsServer::records, List<Object<ARecord, server_record_kind>>>("records", optional,
                                                                             "Its own records, with full names"),
};
constexpr Choice dns_server_choices[] = {choice(dns_server_fields, "virtualNetwork", "site", required)};

constexpr Field link_fields[] = {
    field<&VirtualNetworkLink::name>("name", required, "Name, unique in its zone"),
    field<&VirtualNetworkLink::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&VirtualNetworkLink::registration_enabled>("registrationEnabled", optional, "false when absent"),
    field<&VirtualNetworkLink::resolution_policy>("resolutionPolicy", optional, "Default when absent"),
};

constexpr Field zone_fields[] = {
    field_as<&PrivateDnsZone::name, DnsName>("name", required, "The zone, unique among private DNS zones"),
    field<&PrivateDnsZone::virtual_network_links>("virtualNetworkLinks", optional, "Networks that it answers"),
    field<&PrivateDnsZone::a_records>("aRecords", optional, "Addresses of names"),
    field<&PrivateDnsZone::aaaa_records>("aaaaRecords", optional, "IPv6 addresses of names"),
    field<&PrivateDnsZone::cname_records>("cnameRecords", optional, "Names that stand for others"),
};

constexpr Field forwarding_rule_fields[] = {
    field_as<&ForwardingRule::domain_name, DomainName>("domainName", required, "Names that end so; . is every name"),
    field<&ForwardingRule::target_dns_servers>("targetDnsServers", required, "At most six addresses"),
    field<&ForwardingRule::enabled>("enabled", optional, "true when absent"),
};

constexpr Field ruleset_fields[] = {
    field<&DnsForwardingRuleset::name>("name", required, "Name, unique among rulesets"),
    field<&DnsForwardingRuleset::virtual_network_links>("virtualNetworkLinks", optional, "Names of virtual networks"),
    field<&DnsForwardingRuleset::resolver_outbound_endpoints>(
        "dnsResolverOutboundEndpoints", optional,
        "Names of dnsOutboundEndpoints entries, at most two; needed as soon as the file has any"),
    field<&DnsForwardingRuleset::rules>("rules", optional, "The longest suffix decides"),
};

constexpr Field inbound_endpoint_fields[] = {
    field<&DnsInboundEndpoint::name>("name", required, "Name, unique among inbound endpoints"),
    field<&DnsInboundEndpoint::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&DnsInboundEndpoint::subnet>("subnet", required, "Name of a subnet of it"),
    field<&DnsInboundEndpoint::ip_address>("ipAddress", required, "Address in that subnet"),
};

constexpr Field outbound_endpoint_fields[] = {
    field<&DnsOutboundEndpoint::name>("name", required, "Name, unique among outbound endpoints"),
    field<&DnsOutboundEndpoint::virtual_network>("virtualNetwork", required, "Name of a virtualNetworks entry"),
    field<&DnsOutboundEndpoint::subnet>("subnet", required, "Name of a subnet of it"),
};

}  // namespace

const ObjectKind& server_record_kind() {
  static constexpr ObjectKind kind{
      "DNS server record", "Addresses of one name", server_record_fields, {}, finish_server_record};
  return kind;
}
template <>
const ObjectKind& kind_of<AaaaRecord>() {
  static constexpr ObjectKind kind{
      "AAAA record", "IPv6 addresses of one name", aaaa_record_fields, {}, [](Reading& reading, void* record) {
        finish_ttl(reading, static_cast<AaaaRecord*>(record)->ttl_seconds);
      }};
  return kind;
}
template <>
const ObjectKind& kind_of<DnsOutboundEndpoint>() {
  static constexpr ObjectKind kind{"DNS outbound endpoint", "From where Azure DNS Private Resolver forwards",
                                   outbound_endpoint_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<ARecord>() {
  static constexpr ObjectKind kind{
      "A record", "Addresses of one name", a_record_fields, {}, [](Reading& reading, void* record) {
        finish_ttl(reading, static_cast<ARecord*>(record)->ttl_seconds);
      }};
  return kind;
}
template <>
const ObjectKind& kind_of<CnameRecord>() {
  static constexpr ObjectKind kind{
      "CNAME record", "A name that stands for another", cname_record_fields, {}, [](Reading& reading, void* record) {
        finish_ttl(reading, static_cast<CnameRecord*>(record)->ttl_seconds);
      }};
  return kind;
}
template <>
const ObjectKind& kind_of<ConditionalForwarder>() {
  static constexpr ObjectKind kind{"conditional forwarder", "Where some names are asked", conditional_forwarder_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<DnsServer>() {
  static constexpr ObjectKind kind{"DNS server", "A DNS server of your own", dns_server_fields, dns_server_choices};
  return kind;
}
template <>
const ObjectKind& kind_of<VirtualNetworkLink>() {
  static constexpr ObjectKind kind{"virtual network link", "A network that a zone answers", link_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<PrivateDnsZone>() {
  static constexpr ObjectKind kind{"private DNS zone", "A private DNS zone", zone_fields, {}, finish_zone};
  return kind;
}
template <>
const ObjectKind& kind_of<ForwardingRule>() {
  static constexpr ObjectKind kind{
      "forwarding rule", "Where names of one suffix are asked", forwarding_rule_fields, {}, finish_forwarding_rule};
  return kind;
}
template <>
const ObjectKind& kind_of<DnsForwardingRuleset>() {
  static constexpr ObjectKind kind{"DNS forwarding ruleset", "Rules of an Azure DNS Private Resolver", ruleset_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<DnsInboundEndpoint>() {
  static constexpr ObjectKind kind{"DNS inbound endpoint", "An address at which Azure DNS Private Resolver answers",
                                   inbound_endpoint_fields};
  return kind;
}

}  // namespace pgpassage::reading
