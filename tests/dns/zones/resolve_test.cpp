#include <gtest/gtest.h>

#include "dns/zones/answer.hpp"
#include "dns/zones/causes.hpp"
#include "dns/zones/resolution.hpp"
#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::dns {
namespace {

using namespace netcheck::test;
using enum AnswerKind;

constexpr const char* target_name = "orders-target.postgres.database.azure.com";
constexpr const char* zone_name = "privatelink.postgres.database.azure.com";
constexpr const char* azure = "168.63.129.16";

/// The network of the reach tests with the target's privatelink zone, linked to the hub.
Topology with_zone() {
  Topology net = contoso();
  net.private_dns_zones = {{zone_name,
                            {{"link-hub", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                            {{"orders-target", {ip("10.20.2.4")}, 10, {95, 7}}},
                            {},
                            {94, 5}}};
  net.servers[2].public_ip_address = ip("20.50.0.7");
  return net;
}

DnsServer dns_server(const char* name, const char* address, const char* network, std::vector<IpAddress> forwarders) {
  DnsServer added;
  added.name = name;
  added.ip_address = ip(address);
  added.virtual_network = network;
  added.forwarders = std::move(forwarders);
  return added;
}

void own_dns_in_hub(Topology& net, std::vector<IpAddress> forwarders) {
  hub(net).dns_servers = {ip("10.10.9.10")};
  net.dns_servers = {dns_server("dns-hub", "10.10.9.10", "vnet-hub", std::move(forwarders))};
  net.dns_servers[0].subnet = "snet-fw";
}

struct NameCase {
  const char* name;
  const char* from;
  const char* asked;
  void (*change)(Topology&);
  AnswerKind kind;
  const char* address;  ///< the only one; empty: none
  const char* cause;
  const char* by;
};

class Resolve : public testing::TestWithParam<NameCase> {};

TEST_P(Resolve, AsThePlaceWould) {
  Topology topology = with_zone();
  if (GetParam().change != nullptr) GetParam().change(topology);
  const Answer answer = resolve(topology, netcheck::place_of(topology, GetParam().from).value(), GetParam().asked);
  EXPECT_STREQ(to_string(answer.kind), to_string(GetParam().kind)) << answer.by << ": " << answer.detail;
  ASSERT_EQ(answer.addresses.size(), *GetParam().address == '\0' ? 0U : 1U) << answer.detail;
  if (!answer.addresses.empty()) {
    EXPECT_EQ(answer.addresses[0].to_string(), GetParam().address);
  }
  EXPECT_EQ(answer.cause, GetParam().cause) << answer.detail;
  EXPECT_EQ(answer.by, GetParam().by);
  EXPECT_EQ(answer.kind == addresses, !answer.addresses.empty());
}

// The names of the hops, each once, in order.
std::vector<std::string> names_on_the_way(const Resolution& resolution) {
  std::vector<std::string> names;
  for (const NameHop& hop : resolution.hops)
    if (names.empty() || names.back() != hop.name) names.push_back(hop.name);
  return names;
}

TEST_P(Resolve, TellsTheWayThatLedToTheAnswer) {
  Topology topology = with_zone();
  if (GetParam().change != nullptr) GetParam().change(topology);
  const auto from = netcheck::place_of(topology, GetParam().from).value();
  const Answer answer = resolve(topology, from, GetParam().asked);
  const Resolution told = resolution_of(topology, from, GetParam().asked);
  EXPECT_EQ(told.answer.addresses, answer.addresses);
  EXPECT_EQ(told.answer.detail, answer.detail);
  if (told.hops.empty()) {
    EXPECT_TRUE(answer.by == "an address" || answer.cause == cause::name_not_given) << answer.by;
    return;
  }
  EXPECT_EQ(names_on_the_way(told), answer.chain);
  const NameHop& last = told.hops.back();
  EXPECT_EQ(last.decision == NameDecision::answer, answer.kind == addresses) << last.detail;
  EXPECT_EQ(last.decision == NameDecision::unknown, answer.kind == unknown) << last.detail;
  EXPECT_EQ(last.decision == NameDecision::none, answer.kind == no_address || answer.kind == nx_domain) << last.detail;
}

std::vector<std::string> ways(const Resolution& resolution) {
  std::vector<std::string> lines;
  for (const NameHop& hop : resolution.hops)
    lines.push_back(fmt::format("{} {} at {} by {}", to_string(hop.decision), to_string(hop.kind), hop.at, hop.by));
  return lines;
}

TEST(Resolution, NamesEveryServerForwarderAndZone) {
  Topology net = with_zone();
  own_dns_in_hub(net, {ip(azure)});
  const auto told = resolution_of(net, netcheck::place_of(net, "runtime").value(), target_name);
  EXPECT_EQ(ways(told), (std::vector<std::string>{
                            "forward setting at vnet-hub by dnsServers", "forward way at orders-runtime by dns-hub",
                            "forward forwarder at dns-hub by dns-hub's forwarder",
                            "pass zone at Azure-provided DNS of vnet-hub by no linked zone",
                            "alias publicDns at Azure-provided DNS of vnet-hub by public DNS",
                            "forward setting at vnet-hub by dnsServers", "forward way at orders-runtime by dns-hub",
                            "forward forwarder at dns-hub by dns-hub's forwarder",
                            "answer zone at Azure-provided DNS of vnet-hub by zone link link-hub"}));
  EXPECT_EQ(told.hops.back().location.line, 95);
}

TEST(Resolution, NamesTheRuleThatKeepsTheQuestionFromItsServer) {
  Topology net = with_zone();
  own_dns_in_hub(net, {ip(azure)});
  SecurityRule deny = rule({"deny-dns", 120, Direction::outbound, Access::deny, "*", "10.10.9.10", {53, 53}});
  deny.protocol = Protocol::udp;
  add_nsg(net, runtime_subnet(net), "nsg-runtime", {deny});
  const auto told = resolution_of(net, netcheck::place_of(net, "runtime").value(), target_name);
  const NameHop& last = told.hops.back();
  EXPECT_EQ(last.decision, NameDecision::deny);
  EXPECT_EQ(last.by, "nsg-runtime/deny-dns");
  EXPECT_EQ(last.location.line, 120);
  EXPECT_EQ(last.cause, netcheck::cause::nsg_denies);
  EXPECT_EQ(told.answer.cause, cause::dns_server_unreachable);
}

TEST(Resolution, SaysWhichZoneOfTheFileIsNotLinked) {
  const Topology net = with_zone();
  const auto told = resolution_of(net, netcheck::place_of(net, "vm-orders").value(), target_name);
  const auto passed = std::find_if(told.hops.begin(), told.hops.end(),
                                   [](const NameHop& hop) { return hop.cause == cause::zone_not_linked; });
  ASSERT_NE(passed, told.hops.end());
  EXPECT_EQ(passed->decision, NameDecision::pass);
  EXPECT_EQ(passed->location.line, 94);
}

const auto name_of_case = [](const auto& test) { return std::string{test.param.name}; };

INSTANTIATE_TEST_SUITE_P(
    Privatelink, Resolve,
    testing::Values(
        NameCase{"Linked", "runtime", target_name, nullptr, addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"CaseAndFinalDot", "runtime", "Orders-Target.Postgres.Database.Azure.com.", nullptr, addresses,
                 "10.20.2.4", "", "zone link link-hub"},
        NameCase{"NotLinkedIsPublic", "vm-orders", target_name, nullptr, addresses, "20.50.0.7", cause::zone_not_linked,
                 "public DNS"},
        NameCase{"NotLinkedAndNoPublicAddress", "vm-orders", target_name,
                 [](Topology& net) { net.servers[2].public_ip_address.reset(); }, no_address, "",
                 cause::zone_not_linked, "public DNS"},
        NameCase{"NoZoneAtAll", "runtime", target_name, [](Topology& net) { net.private_dns_zones.clear(); }, addresses,
                 "20.50.0.7", cause::public_address_not_private, "public DNS"},
        NameCase{"RecordMissing", "runtime", target_name,
                 [](Topology& net) { net.private_dns_zones[0].a_records.clear(); }, nx_domain, "",
                 cause::record_missing, "zone link link-hub"},
        NameCase{"FallbackToInternet", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones[0].a_records.clear();
                   net.private_dns_zones[0].virtual_network_links[0].resolution_policy =
                       ResolutionPolicy::nx_domain_redirect;
                 },
                 addresses, "20.50.0.7", cause::record_missing, "public DNS"},
        NameCase{"ZoneGroupWritesTheRecord", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones[0].a_records.clear();
                   net.private_endpoints[0].private_dns_zone_group = {zone_name};
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"AListedRecordBeatsTheZoneGroup", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones[0].a_records[0].ipv4_addresses = {ip("10.20.2.99")};
                   net.private_endpoints[0].private_dns_zone_group = {zone_name};
                 },
                 addresses, "10.20.2.99", "", "zone link link-hub"},
        NameCase{"AZoneOfTheNameItselfShadowsPublicDns", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones.push_back({"postgres.database.azure.com",
                                                    {{"link-wide", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                                                    {},
                                                    {},
                                                    {}});
                 },
                 nx_domain, "", cause::record_missing, "zone link link-wide"},
        NameCase{"LongestZoneAnswers", "runtime", "orders-target.privatelink.postgres.database.azure.com",
                 [](Topology& net) {
                   net.private_dns_zones.push_back({"postgres.database.azure.com",
                                                    {{"link-wide", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                                                    {},
                                                    {},
                                                    {}});
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"FromTheInternet", "Internet", target_name, nullptr, addresses, "20.50.0.7",
                 cause::public_address_not_private, "public DNS"}),
    name_of_case);

void integrate(Topology& net) {
  net.servers[1].fqdn = "orders-runtime.postgres.database.azure.com";
  net.servers[1].private_dns_zone = "orders.private.postgres.database.azure.com";
  net.servers[1].ip_address = ip("10.10.1.4");
  net.private_dns_zones.push_back({"orders.private.postgres.database.azure.com",
                                   {{"link-runtime", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                                   {},
                                   {},
                                   {}});
}
constexpr const char* runtime_name = "orders-runtime.postgres.database.azure.com";

INSTANTIATE_TEST_SUITE_P(VnetIntegrated, Resolve,
                         testing::Values(NameCase{"Linked", "vnet-hub/snet-fw", runtime_name, integrate, addresses,
                                                  "10.10.1.4", "", "zone link link-runtime"},
                                         NameCase{"NotLinked", "vm-orders", runtime_name, integrate, no_address, "",
                                                  cause::zone_not_linked, "public DNS"},
                                         NameCase{"AddressNotGiven", "vnet-hub/snet-fw", runtime_name,
                                                  [](Topology& net) {
                                                    integrate(net);
                                                    net.servers[1].ip_address.reset();
                                                  },
                                                  AnswerKind::unknown, "", cause::address_not_given,
                                                  "zone link link-runtime"},
                                         NameCase{"ZoneNotGivenUsesTheAddress", "vm-orders", runtime_name,
                                                  [](Topology& net) {
                                                    integrate(net);
                                                    net.servers[1].private_dns_zone.clear();
                                                  },
                                                  addresses, "10.10.1.4", "", "ipAddress of orders-runtime"}),
                         name_of_case);

INSTANTIATE_TEST_SUITE_P(
    OwnServers, Resolve,
    testing::Values(
        NameCase{"ForwardToAzureFromALinkedNetwork", "runtime", target_name,
                 [](Topology& net) { own_dns_in_hub(net, {ip(azure)}); }, addresses, "10.20.2.4", "",
                 "zone link link-hub"},
        NameCase{"ForwardToAzureFromAnUnlinkedNetwork", "runtime", target_name,
                 [](Topology& net) {
                   hub(net).dns_servers = {ip("10.30.1.10")};
                   net.dns_servers = {dns_server("dns-spoke", "10.30.1.10", "vnet-spoke", {ip(azure)})};
                 },
                 addresses, "20.50.0.7", cause::zone_not_linked, "public DNS"},
        NameCase{"WithoutForwardersItAsksPublicDns", "runtime", target_name,
                 [](Topology& net) { own_dns_in_hub(net, {}); }, addresses, "20.50.0.7",
                 cause::public_address_not_private, "public DNS"},
        NameCase{"ConditionalForwarderForPrivatelinkAlone", "runtime", target_name,
                 [](Topology& net) {
                   own_dns_in_hub(net, {});
                   net.dns_servers[0].conditional_forwarders = {{zone_name, {ip(azure)}, {}}};
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"LongestConditionalForwarder", "runtime", "orders.corp.contoso.example",
                 [](Topology& net) {
                   own_dns_in_hub(net, {ip(azure)});
                   net.dns_servers[0].conditional_forwarders = {{"example", {ip("10.10.9.77")}, {}},
                                                                {"corp.contoso.example", {ip("192.168.0.53")}, {}}};
                   DnsServer there = dns_server("dns-site", "192.168.0.53", "", {});
                   there.site = "datacenter";
                   there.records = {{"orders.corp.contoso.example", {ip("192.168.4.20")}, 60, {}}};
                   net.dns_servers.push_back(there);
                 },
                 addresses, "192.168.4.20", "", "record orders.corp.contoso.example of dns-site"},
        NameCase{"OwnRecordFirst", "runtime", target_name,
                 [](Topology& net) {
                   own_dns_in_hub(net, {ip(azure)});
                   net.dns_servers[0].records = {{target_name, {ip("10.20.2.5")}, 60, {}}};
                 },
                 addresses, "10.20.2.5", "", "record orders-target.postgres.database.azure.com of dns-hub"},
        NameCase{"NotDeclared", "runtime", target_name,
                 [](Topology& net) { hub(net).dns_servers = {ip("10.10.9.77")}; }, AnswerKind::unknown, "",
                 cause::dns_server_not_declared, "vnet-hub"},
        NameCase{"OutOfReach", "vm-orders", target_name,
                 [](Topology& net) {
                   spoke(net).dns_servers = {ip("10.20.2.53")};
                   net.dns_servers = {dns_server("dns-target", "10.20.2.53", "vnet-target", {ip(azure)})};
                   net.dns_servers[0].subnet = "snet-endpoints";
                 },
                 server_unreachable, "", cause::dns_server_unreachable, "dns-target"},
        NameCase{
            "GroupLetsOnlyTheDatabasePortOut", "runtime", target_name,
            [](Topology& net) {
              own_dns_in_hub(net, {ip(azure)});
              SecurityRule postgres = rule({"postgres", 100, Direction::outbound, Access::allow, "*", "*"});
              postgres.protocol = Protocol::tcp;
              SecurityRule nothing = rule({"nothing", 200, Direction::outbound, Access::deny, "*", "*", {0, 65535}});
              nothing.protocol = Protocol::any;
              net.network_security_groups.push_back({"nsg-dns", {postgres, nothing}, {}});
              runtime_subnet(net).network_security_group = "nsg-dns";
            },
            server_unreachable, "", cause::dns_server_unreachable, "dns-hub"},
        NameCase{"WhetherTheGroupLetsItOutIsUnknown", "runtime", target_name,
                 [](Topology& net) {
                   own_dns_in_hub(net, {ip(azure)});
                   SecurityRule some = rule({"some", 100, Direction::outbound, Access::deny, "*", "*", {0, 65535}});
                   some.protocol = Protocol::any;
                   some.source_ports = {{1024, 40000}};
                   net.network_security_groups.push_back({"nsg-dns", {some}, {}});
                   runtime_subnet(net).network_security_group = "nsg-dns";
                 },
                 AnswerKind::unknown, "", cause::dns_server_undecided, "dns-hub"},
        NameCase{"TheSecondAnswersWhenTheFirstIsOutOfReach", "vm-orders", target_name,
                 [](Topology& net) {
                   own_dns_in_hub(net, {ip(azure)});
                   spoke(net).dns_servers = {ip("10.20.2.53"), ip("10.10.9.10")};
                   net.dns_servers.push_back(dns_server("dns-target", "10.20.2.53", "vnet-target", {ip(azure)}));
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"Loop", "runtime", target_name, [](Topology& net) { own_dns_in_hub(net, {ip("10.10.9.10")}); },
                 server_unreachable, "", cause::forwarding_loop, "dns-hub's forwarder"},
        NameCase{"AzureDnsFromASite", "datacenter", target_name,
                 [](Topology& net) {
                   net.sites[0].dns_servers = {{ip("192.168.0.53")}};
                   DnsServer there = dns_server("dns-site", "192.168.0.53", "", {ip(azure)});
                   there.site = "datacenter";
                   net.dns_servers = {there};
                 },
                 server_unreachable, "", cause::azure_dns_outside, "dns-site's forwarder"},
        NameCase{"ASiteForwardsToAnInboundEndpoint", "datacenter", target_name,
                 [](Topology& net) {
                   net.sites[0].dns_servers = {{ip("192.168.0.53")}};
                   DnsServer there = dns_server("dns-site", "192.168.0.53", "", {});
                   there.site = "datacenter";
                   there.conditional_forwarders = {{"postgres.database.azure.com", {ip("10.10.9.5")}, {}}};
                   net.dns_servers = {there};
                   net.dns_inbound_endpoints = {{"inbound-hub", "vnet-hub", "snet-fw", ip("10.10.9.5"), {}}};
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"}),
    name_of_case);

void ruleset(Topology& net, const char* domain, const char* server, bool enabled = true) {
  if (net.dns_forwarding_rulesets.empty()) net.dns_forwarding_rulesets = {{"ruleset-hub", {"vnet-hub"}, {}, {}}};
  net.dns_forwarding_rulesets[0].rules.push_back({domain, {ip(server)}, enabled, {}});
}
void site_dns(Topology& net, const char* address, const char* answer) {
  DnsServer there = dns_server(address, address, "", {});
  there.site = "datacenter";
  there.records = {{"orders.corp.contoso.example", {ip(answer)}, 60, {}}};
  net.dns_servers.push_back(there);
}
constexpr const char* corp_name = "orders.corp.contoso.example";

INSTANTIATE_TEST_SUITE_P(
    Rulesets, Resolve,
    testing::Values(NameCase{"Forwards", "runtime", corp_name,
                             [](Topology& net) {
                               site_dns(net, "192.168.0.53", "192.168.4.21");
                               ruleset(net, "corp.contoso.example.", "192.168.0.53");
                             },
                             addresses, "192.168.4.21", "", "record orders.corp.contoso.example of 192.168.0.53"},
                    NameCase{"LongestRule", "runtime", corp_name,
                             [](Topology& net) {
                               site_dns(net, "192.168.0.53", "192.168.4.21");
                               site_dns(net, "192.168.0.54", "192.168.4.22");
                               ruleset(net, ".", "192.168.0.53");
                               ruleset(net, "contoso.example.", "192.168.0.54");
                             },
                             addresses, "192.168.4.22", "", "record orders.corp.contoso.example of 192.168.0.54"},
                    NameCase{"DisabledRuleIsIgnored", "runtime", corp_name,
                             [](Topology& net) {
                               site_dns(net, "192.168.0.53", "192.168.4.21");
                               ruleset(net, "corp.contoso.example.", "192.168.0.53", false);
                             },
                             addresses, "192.168.4.20", "", "ipAddress of orders-source"},
                    NameCase{
                        "LinkedZoneBeforeRule", "runtime", target_name,
                        [](Topology& net) { ruleset(net, "privatelink.postgres.database.azure.com.", "192.168.0.53"); },
                        addresses, "10.20.2.4", "", "zone link link-hub"},
                    NameCase{"NotLinkedToTheRuleset", "vm-orders", corp_name,
                             [](Topology& net) { ruleset(net, ".", "192.168.0.99"); }, addresses, "192.168.4.20", "",
                             "ipAddress of orders-source"}),
    name_of_case);

void outbound(Topology& net, std::vector<std::string> of_ruleset) {
  site_dns(net, "192.168.0.53", "192.168.4.21");
  ruleset(net, "corp.contoso.example.", "192.168.0.53");
  net.dns_outbound_endpoints = {{"out-hub", "vnet-hub", "snet-fw", {}}, {"out-spoke", "vnet-spoke", "snet-vm", {}}};
  net.dns_forwarding_rulesets[0].resolver_outbound_endpoints = std::move(of_ruleset);
}

INSTANTIATE_TEST_SUITE_P(
    OutboundEndpoints, Resolve,
    testing::Values(
        NameCase{"FromItsNetwork", "runtime", corp_name, [](Topology& net) { outbound(net, {"out-hub"}); }, addresses,
                 "192.168.4.21", "", "record orders.corp.contoso.example of 192.168.0.53"},
        NameCase{"WithoutAWayToTheServer", "runtime", corp_name, [](Topology& net) { outbound(net, {"out-spoke"}); },
                 server_unreachable, "", cause::dns_server_unreachable, "192.168.0.53"},
        NameCase{"OfTwoThatDiffer", "runtime", corp_name,
                 [](Topology& net) {
                   outbound(net, {"out-hub", "out-spoke"});
                 },
                 AnswerKind::unknown, "", cause::outbound_endpoints_differ, "forwarding rule corp.contoso.example."},
        NameCase{"NoneNamed", "runtime", corp_name, [](Topology& net) { outbound(net, {}); }, AnswerKind::unknown, "",
                 cause::outbound_endpoint_missing, "forwarding rule corp.contoso.example."}),
    name_of_case);

void zone_of(Topology& net, std::vector<ARecord> records) {
  net.private_dns_zones.push_back({"contoso.example",
                                   {{"link-contoso", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                                   std::move(records),
                                   {},
                                   {}});
}

void deny_platform_dns(Topology& net, SecurityRule rule) {
  rule.protocol = Protocol::any;
  rule.destination_ports = {{53, 53}};
  add_nsg(net, runtime_subnet(net), "nsg-runtime", {rule});
}

INSTANTIATE_TEST_SUITE_P(
    Records, Resolve,
    testing::Values(
        NameCase{"AaaaAlone", "runtime", "six.contoso.example",
                 [](Topology& net) {
                   zone_of(net, {});
                   net.private_dns_zones.back().aaaa_records = {{"six", {ip("fd00:10::6")}, 60, {}}};
                 },
                 addresses, "fd00:10::6", "", "zone link link-contoso"},
        NameCase{"AaaaOfADnsServer", "runtime", "six.contoso.example",
                 [](Topology& net) {
                   own_dns_in_hub(net, {ip(azure)});
                   net.dns_servers[0].records = {{"six.contoso.example", {}, 60, {}, {ip("fd00:10::6")}}};
                 },
                 addresses, "fd00:10::6", "", "record six.contoso.example of dns-hub"},
        NameCase{"WildcardOfTheClosestName", "runtime", "a.b.contoso.example",
                 [](Topology& net) {
                   zone_of(net, {{"*", {ip("10.1.1.1")}, 60, {}}, {"*.b", {ip("10.1.1.2")}, 60, {}}});
                 },
                 addresses, "10.1.1.2", "", "zone link link-contoso"},
        NameCase{"WildcardEndsAtANameThatExists", "runtime", "a.b.contoso.example",
                 [](Topology& net) {
                   zone_of(net, {{"*", {ip("10.1.1.1")}, 60, {}}, {"b", {ip("10.1.1.2")}, 60, {}}});
                 },
                 nx_domain, "", cause::record_missing, "zone link link-contoso"},
        NameCase{"NameWithOnlyNamesBelow", "runtime", "b.contoso.example",
                 [](Topology& net) {
                   zone_of(net, {{"a.b", {ip("10.1.1.1")}, 60, {}}});
                 },
                 no_address, "", cause::record_missing, "zone link link-contoso"},
        NameCase{"WrittenByTwoEndpoints", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones[0].a_records.clear();
                   net.private_endpoints[0].private_dns_zone_group = {zone_name};
                   net.private_endpoints.push_back(net.private_endpoints[0]);
                   net.private_endpoints[1].name = "pe-second";
                   net.private_endpoints[1].private_ip_address = ip("10.20.2.5");
                 },
                 AnswerKind::unknown, "", cause::record_written_twice, "zone link link-hub"},
        NameCase{"FallbackGoesPastTheRuleset", "runtime", target_name,
                 [](Topology& net) {
                   net.private_dns_zones[0].a_records.clear();
                   net.private_dns_zones[0].virtual_network_links[0].resolution_policy =
                       ResolutionPolicy::nx_domain_redirect;
                   ruleset(net, "privatelink.postgres.database.azure.com.", "192.168.0.99");
                 },
                 addresses, "20.50.0.7", cause::record_missing, "public DNS"},
        NameCase{
            "AzureDnsDenied", "runtime", target_name,
            [](Topology& net) {
              deny_platform_dns(net, rule({"no-dns", 100, Direction::outbound, Access::deny, "*", "AzurePlatformDNS"}));
            },
            server_unreachable, "", cause::azure_dns_denied, "nsg-runtime/no-dns"},
        NameCase{"AzureDnsDeniedForAnotherSubnet", "runtime", target_name,
                 [](Topology& net) {
                   deny_platform_dns(net, rule({"no-dns", 100, Direction::outbound, Access::deny, "10.10.7.0/24",
                                                "AzurePlatformDNS"}));
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{
            "AzureDnsDeniedForAGroupOfOthers", "runtime", target_name,
            [](Topology& net) {
              SecurityRule no_dns = rule({"no-dns", 100, Direction::outbound, Access::deny, "*", "AzurePlatformDNS"});
              no_dns.source_prefixes.clear();
              no_dns.source_groups = {"asg-app"};
              deny_platform_dns(net, no_dns);
            },
            addresses, "10.20.2.4", "", "zone link link-hub"},
        NameCase{"AzureDnsPerhapsDenied", "vnet-hub/snet-runtime", target_name,
                 [](Topology& net) {
                   deny_platform_dns(net, rule({"no-dns", 100, Direction::outbound, Access::deny, "10.10.1.0/28",
                                                "AzurePlatformDNS"}));
                 },
                 AnswerKind::unknown, "", cause::azure_dns_undecided, "nsg-runtime/no-dns"},
        NameCase{"AzureDnsIsOutsideOtherRules", "runtime", target_name,
                 [](Topology& net) {
                   deny_platform_dns(net, rule({"no-dns", 100, Direction::outbound, Access::deny, "*", "*"}));
                 },
                 addresses, "10.20.2.4", "", "zone link link-hub"}),
    name_of_case);

TEST(Resolve, BothFamiliesOfANameTheFirstIsIpv4) {
  Topology topology = with_zone();
  topology.private_dns_zones[0].aaaa_records = {{"orders-target", {ip("fd00:20::4")}, 60, {}}};
  const Answer answer = resolve(topology, netcheck::place_of(topology, "runtime").value(), target_name);
  EXPECT_EQ(answer.addresses, (std::vector<IpAddress>{ip("10.20.2.4"), ip("fd00:20::4")}));
}

TEST(Resolve, ServersThatAllForwardToEachOtherEndSoon) {
  Topology topology = with_zone();
  std::vector<IpAddress> all;
  for (int i = 10; i < 40; ++i) all.push_back(ip(fmt::format("10.10.9.{}", i).c_str()));
  for (const IpAddress& address : all) {
    DnsServer added = dns_server(address.to_string().c_str(), address.to_string().c_str(), "vnet-hub", all);
    added.subnet = "snet-fw";
    topology.dns_servers.push_back(added);
  }
  hub(topology).dns_servers = all;
  const Answer answer = resolve(topology, netcheck::place_of(topology, "runtime").value(), target_name);
  EXPECT_EQ(answer.kind, server_unreachable);
  EXPECT_EQ(answer.cause, cause::forwarding_loop);
}

INSTANTIATE_TEST_SUITE_P(
    UnderNothing, Resolve,
    testing::Values(
        NameCase{"IpAddressIsUsedAndNoted", "runtime", corp_name, nullptr, addresses, "192.168.4.20", "",
                 "ipAddress of orders-source"},
        NameCase{"WithoutOneItIsUnknown", "runtime", corp_name,
                 [](Topology& net) { net.servers[0].ip_address.reset(); }, AnswerKind::unknown, "",
                 cause::name_not_described, "public DNS"},
        NameCase{"NobodysName", "runtime", "nobody.example", nullptr, AnswerKind::unknown, "",
                 cause::name_not_described, "public DNS"},
        NameCase{"PublicServer", "runtime", "pub.postgres.database.azure.com",
                 [](Topology& net) {
                   Server added = server("pub", ServerKind::flexible_server, ServerAccess::public_access);
                   added.fqdn = "pub.postgres.database.azure.com";
                   added.public_ip_address = ip("20.50.0.8");
                   net.servers.push_back(added);
                 },
                 addresses, "20.50.0.8", "", "public DNS"},
        NameCase{"PublicServerWithoutAddress", "runtime", "pub.example",
                 [](Topology& net) {
                   Server added = server("pub", ServerKind::on_premises, ServerAccess::public_access);
                   added.fqdn = "pub.example";
                   net.servers.push_back(added);
                 },
                 AnswerKind::unknown, "", cause::public_address_not_given, "public DNS"},
        NameCase{"ASitesOwnResolverIsNotDescribed", "datacenter", target_name, nullptr, AnswerKind::unknown, "",
                 cause::resolver_not_described, "the resolver of datacenter"},
        NameCase{"AnAddressIsItself", "runtime", "192.168.4.20", nullptr, addresses, "192.168.4.20", "", "an address"},
        NameCase{"NoName", "runtime", "", nullptr, AnswerKind::unknown, "", cause::name_not_given, "the name itself"}),
    name_of_case);

TEST(Resolve, ChainHoldsEveryName) {
  const Topology topology = with_zone();
  const Answer answer = resolve(topology, netcheck::place_of(topology, "runtime").value(), target_name);
  EXPECT_EQ(answer.chain,
            (std::vector<std::string>{target_name, "orders-target.privatelink.postgres.database.azure.com"}));
  EXPECT_EQ(answer.location.line, 95);
}

TEST(Resolve, AliasesThatLeadBackEnd) {
  Topology topology = with_zone();
  topology.private_dns_zones = {{"contoso.example",
                                 {{"link", "vnet-hub", false, ResolutionPolicy::standard, {}}},
                                 {},
                                 {{"a", "b.contoso.example", 60, {}}, {"b", "a.contoso.example.", 60, {}}},
                                 {}}};
  const Answer answer = resolve(topology, netcheck::place_of(topology, "runtime").value(), "a.contoso.example");
  EXPECT_EQ(answer.kind, no_address);
  EXPECT_EQ(answer.cause, cause::cname_chain_too_long);
}

TEST(Resolve, SixteenAliasesAreFollowedAndSeventeenAreNot) {
  for (const int count : {16, 17}) {
    Topology topology = with_zone();
    PrivateDnsZone zone{"contoso.example", {{"link", "vnet-hub", false, ResolutionPolicy::standard, {}}}, {}, {}, {}};
    for (int i = 0; i < count; ++i)
      zone.cname_records.push_back({fmt::format("n{}", i), fmt::format("n{}.contoso.example", i + 1), 60, {}});
    zone.a_records = {{fmt::format("n{}", count), {ip("10.10.1.9")}, 60, {}}};
    topology.private_dns_zones = {zone};
    const Answer answer = resolve(topology, netcheck::place_of(topology, "runtime").value(), "n0.contoso.example");
    EXPECT_EQ(answer.kind, count == 16 ? addresses : no_address) << answer.detail;
  }
}

TEST(Resolve, RegistrationZonesKnowMachinesOfTheirNetwork) {
  Topology topology = with_zone();
  topology.private_dns_zones = {{"corp.internal",
                                 {{"link-hub", "vnet-hub", false, ResolutionPolicy::standard, {}},
                                  {"link-spoke", "vnet-spoke", true, ResolutionPolicy::standard, {}}},
                                 {},
                                 {},
                                 {}}};
  const auto from = netcheck::place_of(topology, "runtime").value();
  EXPECT_EQ(resolve(topology, from, "vm-orders.corp.internal").addresses, std::vector<IpAddress>{ip("10.30.1.4")});
  Topology without_address = topology;
  for (Server& server : without_address.servers) server.ip_address.reset();
  EXPECT_EQ(resolve(without_address, from, "vm-orders.corp.internal").kind, unknown);
  topology.private_dns_zones[0].virtual_network_links[1].registration_enabled = false;
  EXPECT_EQ(resolve(topology, from, "vm-orders.corp.internal").kind, nx_domain);
}

TEST(NameOf, CustomHostThenFqdnThenAddress) {
  Server named = server("s", ServerKind::on_premises, ServerAccess::private_access);
  EXPECT_EQ(name_of(named), "");
  named.ip_address = ip("192.168.4.20");
  EXPECT_EQ(name_of(named), "192.168.4.20");
  named.fqdn = "s.example";
  EXPECT_EQ(name_of(named), "s.example");
  named.custom_host = "custom.example";
  EXPECT_EQ(name_of(named), "custom.example");
}

}  // namespace
}  // namespace pgpassage::dns
