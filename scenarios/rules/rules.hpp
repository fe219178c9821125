#pragma once

#include <string_view>

/// The names of the catalogue's rules, so that the compiler finds a misspelled one. A test holds them and the catalogue
/// together.
namespace pgpassage::scenarios::rules {

inline constexpr std::string_view scenario_supported = "scenario-supported";                            // SCN101
inline constexpr std::string_view scenario_listed = "scenario-listed";                                  // SCN102
inline constexpr std::string_view runtime_server_named = "runtime-server-named";                        // SCN103
inline constexpr std::string_view runtime_server_not_needed = "runtime-server-not-needed";              // SCN104
inline constexpr std::string_view runtime_server_vnet_integrated = "runtime-server-vnet-integrated";    // SCN105
inline constexpr std::string_view declared_access_agrees = "declared-access-agrees";                    // SCN106
inline constexpr std::string_view single_server_retired = "single-server-retired";                      // SCN107
inline constexpr std::string_view edition_overridden = "edition-overridden";                            // SCN108
inline constexpr std::string_view same_region = "same-region";                                          // SCN109
inline constexpr std::string_view burstable_target = "burstable-target";                                // SCN110
inline constexpr std::string_view several_private_endpoints = "several-private-endpoints";              // SCN111
inline constexpr std::string_view runtime_server_sized = "runtime-server-sized";                        // SCN120
inline constexpr std::string_view runtime_server_cleanup = "runtime-server-cleanup";                    // SCN121
inline constexpr std::string_view entra_roles_on_target = "entra-roles-on-target";                      // SCN122
inline constexpr std::string_view automatic_connection_2023 = "automatic-connection-2023";              // SCN123
inline constexpr std::string_view source_reachable = "source-reachable";                                // NET201
inline constexpr std::string_view target_reachable = "target-reachable";                                // NET202
inline constexpr std::string_view nsg_blocks_flow = "nsg-blocks-flow";                                  // NET203
inline constexpr std::string_view route_blocks_flow = "route-blocks-flow";                              // NET204
inline constexpr std::string_view internet_reaches_source = "internet-reaches-source";                  // NET205
inline constexpr std::string_view peering_not_connected = "peering-not-connected";                      // NET206
inline constexpr std::string_view gateway_not_connected = "gateway-not-connected";                      // NET207
inline constexpr std::string_view appliance_drops_flow = "appliance-drops-flow";                        // NET208
inline constexpr std::string_view endpoint_not_reachable = "endpoint-not-reachable";                    // NET209
inline constexpr std::string_view firewall_blocks_flow = "firewall-blocks-flow";                        // NET210
inline constexpr std::string_view source_access_list = "source-access-list";                            // NET212
inline constexpr std::string_view subnet_delegated = "subnet-delegated";                                // NET301
inline constexpr std::string_view delegated_subnet_shared = "delegated-subnet-shared";                  // NET302
inline constexpr std::string_view region_differs = "region-differs";                                    // NET303
inline constexpr std::string_view groups_on_delegated_subnet = "groups-on-delegated-subnet";            // NET304
inline constexpr std::string_view endpoint_not_approved = "endpoint-not-approved";                      // NET305
inline constexpr std::string_view endpoint_missing = "endpoint-missing";                                // NET306
inline constexpr std::string_view endpoint_on_integrated_server = "endpoint-on-integrated-server";      // NET307
inline constexpr std::string_view virtual_network_rule = "virtual-network-rule";                        // NET308
inline constexpr std::string_view service_endpoint = "service-endpoint";                                // NET309
inline constexpr std::string_view virtual_network_rule_limits = "virtual-network-rule-limits";          // NET310
inline constexpr std::string_view public_address = "public-address";                                    // NET311
inline constexpr std::string_view cloud_sql_by_address = "cloud-sql-by-address";                        // NET312
inline constexpr std::string_view outbound_from_source = "outbound-from-source";                        // NET313
inline constexpr std::string_view inbound_from_source = "inbound-from-source";                          // NET314
inline constexpr std::string_view unusual_but_allowed = "unusual-but-allowed";                          // NET315
inline constexpr std::string_view subnet_reaches_storage = "subnet-reaches-storage";                    // NET316
inline constexpr std::string_view subnet_reaches_itself = "subnet-reaches-itself";                      // NET317
inline constexpr std::string_view routes_of_delegated_subnet = "routes-of-delegated-subnet";            // NET318
inline constexpr std::string_view delegated_subnet_size = "delegated-subnet-size";                      // NET319
inline constexpr std::string_view subnet_reaches_entra = "subnet-reaches-entra";                        // NET320
inline constexpr std::string_view subnet_reaches_pooler = "subnet-reaches-pooler";                      // NET321
inline constexpr std::string_view rule_shadowed = "rule-shadowed";                                      // NET401
inline constexpr std::string_view rule_restricts_nothing = "rule-restricts-nothing";                    // NET402
inline constexpr std::string_view address_spaces_overlap = "address-spaces-overlap";                    // NET403
inline constexpr std::string_view unused_object = "unused-object";                                      // NET404
inline constexpr std::string_view default_route_to_dead_appliance = "default-route-to-dead-appliance";  // NET405
inline constexpr std::string_view deny_of_widened_tag = "deny-of-widened-tag";                          // NET406
inline constexpr std::string_view reserved_subnet_misused = "reserved-subnet-misused";                  // NET407
inline constexpr std::string_view gateway_subnet_security_group = "gateway-subnet-security-group";      // NET408
inline constexpr std::string_view gateway_subnet_default_route = "gateway-subnet-default-route";        // NET409
inline constexpr std::string_view azure_limits = "azure-limits";                                        // NET410
inline constexpr std::string_view source_name_resolves = "source-name-resolves";                        // DNS201
inline constexpr std::string_view target_name_resolves = "target-name-resolves";                        // DNS202
inline constexpr std::string_view zone_not_linked = "zone-not-linked";                                  // DNS203
inline constexpr std::string_view record_missing = "record-missing";                                    // DNS204
inline constexpr std::string_view stale_record = "stale-record";                                        // DNS205
inline constexpr std::string_view dns_server_unreachable = "dns-server-unreachable";                    // DNS206
inline constexpr std::string_view forwards_privatelink_only = "forwards-privatelink-only";              // DNS207
inline constexpr std::string_view platform_dns_denied = "platform-dns-denied";                          // DNS208
inline constexpr std::string_view runtime_zone_in_use = "runtime-zone-in-use";                          // DNS301
inline constexpr std::string_view runtime_zone_not_linked = "runtime-zone-not-linked";                  // DNS302
inline constexpr std::string_view source_endpoint_zone = "source-endpoint-zone";                        // DNS303
inline constexpr std::string_view target_endpoint_zone = "target-endpoint-zone";                        // DNS304
inline constexpr std::string_view target_zone_not_linked = "target-zone-not-linked";                    // DNS306
inline constexpr std::string_view default_dns_only = "default-dns-only";                                // DNS307
inline constexpr std::string_view custom_host_stands_in = "custom-host-stands-in";                      // DNS308
inline constexpr std::string_view integrated_zone_name = "integrated-zone-name";                        // DNS309
inline constexpr std::string_view zone_unused = "zone-unused";                                          // DNS401
inline constexpr std::string_view zone_captures_public_names = "zone-captures-public-names";            // DNS402
inline constexpr std::string_view record_written_twice = "record-written-twice";                        // DNS403
inline constexpr std::string_view forwarding_loop = "forwarding-loop";                                  // DNS404
inline constexpr std::string_view live_flow_connects = "live-flow-connects";                            // LIV101
inline constexpr std::string_view live_contradicts_paper = "live-contradicts-paper";                    // LIV102
inline constexpr std::string_view live_name_resolves = "live-name-resolves";                            // LIV103
inline constexpr std::string_view live_wrong_address = "live-wrong-address";                            // LIV104
inline constexpr std::string_view live_speaks_postgres = "live-speaks-postgres";                        // LIV105
inline constexpr std::string_view live_session_starts = "live-session-starts";                          // LIV106
inline constexpr std::string_view live_path_carries_well = "live-path-carries-well";                    // LIV107
inline constexpr std::string_view live_login = "live-login";                                            // LIV110
inline constexpr std::string_view waiver_malformed = "waiver-malformed";                                // WAV101
inline constexpr std::string_view waiver_expired = "waiver-expired";                                    // WAV102
inline constexpr std::string_view waiver_unused = "waiver-unused";                                      // WAV103
inline constexpr std::string_view waiver_refused = "waiver-refused";                                    // WAV104

}  // namespace pgpassage::scenarios::rules
