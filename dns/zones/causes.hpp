#pragma once

/// Why a name has no usable answer: the stable `cause` of an Answer. An answer with addresses may have one too, when
/// they are not the ones the file's private endpoint or delegated subnet would give: the public side of a server.
namespace pgpassage::dns::cause {

inline constexpr const char* record_missing = "record-missing";    ///< the linked zone is authoritative without it
inline constexpr const char* zone_not_linked = "zone-not-linked";  ///< the file has the zone, the asking VNet no link
inline constexpr const char* public_address_not_private = "public-address-not-private";  ///< no zone was asked at all
inline constexpr const char* public_address_not_given = "public-address-not-given";
inline constexpr const char* address_not_given = "address-not-given";  ///< ipAddress of a VNet-integrated server
inline constexpr const char* zone_not_given = "zone-not-given";        ///< privateDnsZone of a VNet-integrated server
inline constexpr const char* name_not_given = "name-not-given";
inline constexpr const char* name_not_described = "name-not-described";          ///< under no zone, forwarder or record
inline constexpr const char* resolver_not_described = "resolver-not-described";  ///< a site without dnsServers
inline constexpr const char* dns_server_not_declared = "dns-server-not-declared";
inline constexpr const char* dns_server_unreachable = "dns-server-unreachable";
inline constexpr const char* dns_server_undecided = "dns-server-undecided";
inline constexpr const char* azure_dns_denied = "azure-dns-denied";        ///< a rule that names AzurePlatformDNS
inline constexpr const char* azure_dns_undecided = "azure-dns-undecided";  ///< such a rule may match
inline constexpr const char* outbound_endpoint_missing = "outbound-endpoint-missing";  ///< the ruleset names none
inline constexpr const char* outbound_endpoints_differ =
    "outbound-endpoints-differ";                                             ///< two, and they fare differently
inline constexpr const char* record_written_twice = "record-written-twice";  ///< by two private endpoints' zone groups
inline constexpr const char* azure_dns_outside = "azure-dns-outside-azure";  ///< 168.63.129.16 asked from a site
inline constexpr const char* forwarding_loop = "forwarding-loop";            ///< more than 8 forwarders
inline constexpr const char* cname_chain_too_long = "cname-chain-too-long";  ///< more than 16 CNAMEs

}  // namespace pgpassage::dns::cause
