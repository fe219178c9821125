#include "netcheck/topology/spelling.hpp"

namespace pgpassage {

#define PGPASSAGE_SPELLINGS(Enum, ...)                          \
  template <>                                                   \
  std::span<const Spelling<Enum>> spellings<Enum>() {           \
    using enum Enum;                                            \
    static constexpr Spelling<Enum> table[] = {__VA_ARGS__};    \
    return table;                                               \
  }                                                             \
  const char* to_string(Enum value) {                           \
    for (const auto& spelling : spellings<Enum>())              \
      if (spelling.value == value) return spelling.text.data(); \
    return "";                                                  \
  }

PGPASSAGE_SPELLINGS(Direction, {"Inbound", inbound}, {"Outbound", outbound})
PGPASSAGE_SPELLINGS(Access, {"Allow", allow}, {"Deny", deny})
PGPASSAGE_SPELLINGS(AdminRuleAccess, {"Allow", allow}, {"Deny", deny}, {"AlwaysAllow", always_allow})
// Security admin rules call it Any, NSGs *.
PGPASSAGE_SPELLINGS(Protocol, {"*", any}, {"Tcp", tcp}, {"Udp", udp}, {"Icmp", icmp}, {"Esp", esp}, {"Ah", ah},
                    {"Any", any})
PGPASSAGE_SPELLINGS(PeeringState, {"Initiated", initiated}, {"Connected", connected}, {"Disconnected", disconnected})
PGPASSAGE_SPELLINGS(PrivateEndpointNetworkPolicies, {"Disabled", disabled}, {"Enabled", enabled},
                    {"NetworkSecurityGroupEnabled", network_security_group_enabled},
                    {"RouteTableEnabled", route_table_enabled})
PGPASSAGE_SPELLINGS(NextHopType, {"VirtualNetworkGateway", virtual_network_gateway}, {"VnetLocal", vnet_local},
                    {"Internet", internet}, {"VirtualAppliance", virtual_appliance}, {"None", none})
PGPASSAGE_SPELLINGS(GatewayType, {"Vpn", vpn}, {"ExpressRoute", express_route})
PGPASSAGE_SPELLINGS(ConnectionStatus, {"Connected", connected}, {"Connecting", connecting},
                    {"NotConnected", not_connected}, {"Unknown", unknown})
PGPASSAGE_SPELLINGS(SiteKind, {"onPremises", on_premises}, {"aws", aws}, {"gcp", gcp})
PGPASSAGE_SPELLINGS(ResolutionPolicy, {"Default", standard}, {"NxDomainRedirect", nx_domain_redirect})
PGPASSAGE_SPELLINGS(EndpointConnectionState, {"Approved", approved}, {"Pending", pending}, {"Rejected", rejected},
                    {"Disconnected", disconnected})
PGPASSAGE_SPELLINGS(ServerKind, {"onPremises", on_premises}, {"azureVm", azure_vm}, {"amazonRds", amazon_rds},
                    {"amazonAurora", amazon_aurora}, {"googleCloudSql", google_cloud_sql},
                    {"singleServer", single_server}, {"flexibleServer", flexible_server}, {"otherCloud", other_cloud})
PGPASSAGE_SPELLINGS(ServerAccess, {"public", public_access}, {"private", private_access},
                    {"vnetIntegrated", vnet_integrated}, {"privateEndpoint", private_endpoint})
PGPASSAGE_SPELLINGS(Tier, {"Basic", basic}, {"GeneralPurpose", general_purpose}, {"MemoryOptimized", memory_optimized},
                    {"Burstable", burstable})
PGPASSAGE_SPELLINGS(SslMode, {"disable", disable}, {"allow", allow}, {"prefer", prefer}, {"require", require},
                    {"verify-ca", verify_ca}, {"verify-full", verify_full})
PGPASSAGE_SPELLINGS(MigrationMode, {"Offline", offline}, {"Online", online})
PGPASSAGE_SPELLINGS(MigrationOption, {"Validate", validate}, {"Migrate", migrate},
                    {"ValidateAndMigrate", validate_and_migrate})

#undef PGPASSAGE_SPELLINGS

}  // namespace pgpassage
