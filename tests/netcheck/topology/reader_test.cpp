#include "netcheck/topology/reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "netcheck/topology/document/document.hpp"

namespace pgpassage {
namespace {

std::string contoso() {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/tests/netcheck/topology/contoso.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string shown(const tl::expected<Topology, std::vector<Diagnostic>>& read) {
  std::string text;
  if (!read)
    for (const Diagnostic& d : read.error())
      text += fmt::format("{}:{}: {} [{}]\n", d.location.line, d.location.column, d.message, d.suggestion);
  return text;
}

/// The tree as JSON text: what YAML types by its letters is written without quotes only when JSON types it so too.
std::string json_of(const document::Node& node) {
  using document::Kind;
  const auto string = [](std::string_view text) { return fmt::format("\"{}\"", text); };
  if (node.kind == Kind::null) return "null";
  if (node.kind == Kind::quoted) return string(node.text());
  if (node.kind == Kind::plain) {
    const bool number = !node.text().empty() && node.text().find_first_not_of("0123456789") == std::string_view::npos;
    return number || node.text() == "true" || node.text() == "false" ? std::string{node.text()} : string(node.text());
  }
  std::string text;
  for (const document::Node* child = node.begin(); child != node.end(); child = child->after()) {
    text += text.empty() ? "\n" : ",\n";
    text += json_of(*child);
    if (node.kind == Kind::mapping) text += ": " + json_of(*(child = child->after()));
  }
  return node.kind == Kind::mapping ? "{" + text + "}" : "[" + text + "]";
}

TEST(ReadTopology, ReadsEveryKey) {
  const auto topology = read_topology(contoso());
  ASSERT_TRUE(topology) << shown(topology);
  EXPECT_EQ(topology->name, "contoso-orders");
  EXPECT_EQ(topology->edition, "2025-02");
  ASSERT_EQ(topology->virtual_networks.size(), 2u);
  const Subnet* runtime = find_subnet(*topology, "vnet-hub", "snet-runtime");
  ASSERT_NE(runtime, nullptr);
  EXPECT_EQ(runtime->prefixes, std::vector{*Cidr::parse("10.10.1.0/24")});
  EXPECT_EQ(runtime->location, (Location{19, 9}));
  const Server* source = find_server(*topology, "orders-source");
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->fqdn, "orders.corp.contoso.example");
  EXPECT_FALSE(source->public_ip_address);
  EXPECT_FALSE(source->firewall_rules);
  EXPECT_EQ(find_server(*topology, "orders-target")->public_network_access, std::optional{false});
  EXPECT_EQ(topology->dns_forwarding_rulesets[0].rules[0].domain_name, "corp.contoso.example.");
  EXPECT_EQ(topology->migration->databases, (std::vector<std::string>{"orders", "billing"}));
  EXPECT_TRUE(topology->notes.empty());
}

TEST(ReadTopology, ReadsNetworkAclsAndAdminRulesInTheOrderTheyAreTried) {
  const auto topology = read_topology(contoso());
  ASSERT_TRUE(topology) << shown(topology);
  const Site* aws = find_site(*topology, "aws-orders");
  ASSERT_NE(aws, nullptr);
  ASSERT_EQ(aws->network_acls->size(), 2u);
  const NetworkAcl& acl = aws->network_acls->front();
  ASSERT_EQ(acl.entries.size(), 3u);
  EXPECT_EQ(acl.entries[1].port_range, (PortRange{1024, 65535}));
  EXPECT_EQ(acl.entries[1].protocol, Protocol::tcp);
  EXPECT_EQ(acl.entries[2].protocol, Protocol::any);
  EXPECT_EQ(acl.entries[2].cidr_block, *Cidr::parse("::/0"));
  EXPECT_TRUE(aws->network_acls->back().is_default);
  const RuleCollection& rules = topology->security_admin_configurations[0].rule_collections[0];
  EXPECT_EQ(rules.rules[0].name, "no-telnet");
  EXPECT_EQ(rules.rules[0].sources, (std::vector<AddressPrefix>{{{}, "*"}}));
  EXPECT_EQ(rules.rules[1].access, AdminRuleAccess::always_allow);
  EXPECT_EQ(rules.rules[1].protocol, Protocol::any);
  EXPECT_EQ(topology->private_dns_zones[0].aaaa_records[0].ipv6_addresses,
            std::vector{*IpAddress::parse("fd00:20::4")});
}

TEST(ReadTopology, SortsSecurityRulesByPriority) {
  const auto topology = read_topology(contoso());
  ASSERT_TRUE(topology) << shown(topology);
  const auto& rules = topology->network_security_groups[0].rules;
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].name, "allow-postgres-out");
  EXPECT_EQ(rules[2].name, "deny-all-out");
  EXPECT_EQ(rules[0].destination_ports, (std::vector<PortRange>{{5432, 5432}, {6432, 6440}, {7000, 7000}}));
  EXPECT_EQ(rules[1].source_ports, (std::vector<PortRange>{{0, 65535}}));
}

TEST(ReadTopology, JsonIsReadAsTheSameTextInYaml) {
  const std::string yaml = contoso();
  const auto tree = document::read_yaml(yaml);
  ASSERT_TRUE(tree);
  const std::string json = json_of(tree->root());
  const auto from_json = read_topology(json, TopologyFormat::json);
  const auto from_yaml = read_topology(json, TopologyFormat::yaml);
  ASSERT_TRUE(from_json) << shown(from_json);
  ASSERT_TRUE(from_yaml) << shown(from_yaml);
  EXPECT_TRUE(*from_json == *from_yaml);
  const std::string broken = replaced(replaced(json, "\"snet-fw\"", "\"snet-fx\""), "\"Outbound\"", "\"Outbond\"");
  const auto json_errors = read_topology(broken, TopologyFormat::json);
  const auto yaml_errors = read_topology(broken, TopologyFormat::yaml);
  ASSERT_FALSE(json_errors);
  ASSERT_FALSE(yaml_errors);
  EXPECT_EQ(json_errors.error(), yaml_errors.error());
}

TEST(ReadTopology, ByteOrderMarkAndCarriageReturnsChangeNothing) {
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : contoso()) windows += c == '\n' ? std::string{"\r\n"} : std::string{c};
  const auto topology = read_topology(windows);
  ASSERT_TRUE(topology) << shown(topology);
  EXPECT_TRUE(*topology == *read_topology(contoso()));
}

TEST(ReadTopology, AliasesStandForWhatTheyName) {
  const auto topology = read_topology(
      replaced(replaced(contoso(), "addressPrefixes: [10.20.0.0/16]", "addressPrefixes: &target [10.20.0.0/16]"),
               "routes: [10.10.0.0/16, 10.20.0.0/16]", "routes: *target"));
  ASSERT_TRUE(topology) << shown(topology);
  EXPECT_EQ(*topology->sites[0].routes, std::vector{*Cidr::parse("10.20.0.0/16")});
}

TEST(ReadTopology, ReferencesGetTheSpellingOfTheObject) {
  const auto topology = read_topology(replaced(contoso(), "standsFor: orders-runtime", "standsFor: Orders-Runtime"));
  ASSERT_TRUE(topology) << shown(topology);
  EXPECT_EQ(topology->hosts[0].stands_for, "orders-runtime");
}

/// Both errors of one object, of one kind each: neither may hide the other until it is mended.
TEST(ReadTopology, AValueThatCannotBeReadHidesNoErrorOfAnotherKey) {
  const auto read = read_topology(R"(apiVersion: pgpassage/v1
metadata: {name: x}
networkSecurityGroups:
  - name: n
    securityRules:
      - {name: a, priority: 100, direction: Inbound, access: Allwo, protocol: Tcp, sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "1"}
      - {name: b, priority: 100, direction: Inbound, access: Allow, protocol: Tcp, sourceAddressPrefix: "*", destinationAddressPrefix: 10.0.0.1/8}
servers:
  - {name: t, kind: flexibleServr, access: vnetIntegrated, subnet: s}
)");
  ASSERT_FALSE(read);
  const std::string text = shown(read);
  for (const char* message : {"found 'Allwo'", "priority 100 is used twice", "has host bits",
                              "missing key 'destinationPortRange' in security rule 'b'", "flexibleServr",
                              "missing key 'virtualNetwork' in server 't'"})
    EXPECT_NE(text.find(message), std::string::npos) << message << "\n" << text;
}

TEST(ReadTopology, AMissingMigrationIsOneErrorAmongTheOthers) {
  const std::string text = "apiVersion: pgpassage/v1\nmetadata: {name: x}\nservers: 7\nmigration:\n";
  const auto needed = read_topology(text, "check");
  ASSERT_FALSE(needed);
  ASSERT_EQ(needed.error().size(), 2U) << shown(needed);
  EXPECT_EQ(needed.error().front().message, "the file has no 'migration', which check needs");
  EXPECT_EQ(read_topology(text).error().size(), 1U);
}

struct ErrorCase {
  const char* name;
  std::string from;  ///< what of contoso.yaml is replaced
  std::string to;
  std::string offending;  ///< where the error must point: the text that starts there
  std::string message;    ///< part of it
  std::string suggestion;
};
class ReadTopologyError : public testing::TestWithParam<ErrorCase> {};

TEST_P(ReadTopologyError, IsReportedInItsPlace) {
  const std::string text = replaced(contoso(), GetParam().from, GetParam().to);
  const auto topology = read_topology(text);
  ASSERT_FALSE(topology);
  const auto found = std::find_if(topology.error().begin(), topology.error().end(), [](const Diagnostic& d) {
    return d.message.find(GetParam().message) != std::string::npos;
  });
  ASSERT_NE(found, topology.error().end()) << shown(topology);
  std::istringstream lines{text};
  std::string line;
  for (int i = 0; i < found->location.line; ++i) std::getline(lines, line);
  EXPECT_EQ(line.substr(static_cast<std::size_t>(found->location.column) - 1).substr(0, GetParam().offending.size()),
            GetParam().offending);
  EXPECT_NE(found->suggestion.find(GetParam().suggestion), std::string::npos) << found->suggestion;
}

INSTANTIATE_TEST_SUITE_P(
    Keys, ReadTopologyError,
    testing::Values(
        ErrorCase{"Unknown", "routeTable: rt", "routTable: rt", "routTable",
                  "unknown key 'routTable' in subnet 'snet-runtime'", "routeTable"},
        ErrorCase{"Abbreviation", "networkSecurityGroup: nsg-runtime", "nsg: nsg-runtime", "nsg: ", "unknown key 'nsg'",
                  "networkSecurityGroup"},
        ErrorCase{"AbbreviationOfAList", "virtualNetworks:", "vnets:", "vnets", "unknown key 'vnets'",
                  "virtualNetworks"},
        ErrorCase{"AbbreviationInALongerKey", "routeTable: rt", "udr_name: rt", "udr_name", "unknown key 'udr_name'",
                  "routeTable"},
        ErrorCase{"Duplicate", "delegations:", "name: x\n        delegations:", "name: x", "duplicate key 'name'", ""},
        ErrorCase{"Missing", "        access: Deny\n", "", "name: deny-all-out", "missing key 'access'", ""},
        ErrorCase{"Merge", "metadata:", "metadata:\n  <<: {}", "<<", "merge keys", ""},
        ErrorCase{"Password", "user: migrator", "adminPassword: hunter2", "adminPassword", "a password in the file",
                  "passwordFile"},
        ErrorCase{"BothOfAChoice", "addressPrefix: 10.10.1.0/24",
                  "addressPrefix: 10.10.1.0/24\n        addressPrefixes: [10.10.3.0/24]", "[10.10.3",
                  "both 'addressPrefix' and 'addressPrefixes'", ""},
        ErrorCase{"Version", "pgpassage/v1", "pgpassage/v2", "pgpassage/v2", "apiVersion must be", "pgpassage/v1"}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    Values, ReadTopologyError,
    testing::Values(
        ErrorCase{"Edition", "\"2025-02\"", "\"2025-03\"", "\"2025-03\"", "'2025-03'", "202"},
        ErrorCase{"Spelling", "direction: Inbound", "direction: Inbuond", "Inbuond",
                  "expected one of Inbound, Outbound", "Inbound"},
        ErrorCase{"HostBits", "addressPrefix: 10.10.1.0/24", "addressPrefix: 10.10.1.7/24", "10.10.1.7",
                  "has host bits", "10.10.1.0/24"},
        ErrorCase{"YesIsNoBoolean", "useRemoteGateways: false", "useRemoteGateways: no", "no", "true or false",
                  "false"},
        ErrorCase{"NumberIsNoName", "  name: contoso-orders", "  name: 1234", "1234", "a number or boolean",
                  "\"1234\""},
        ErrorCase{"QuotedPriority", "priority: 4096", "priority: \"4096\"", "\"4096\"", "a whole number", "quotes"},
        ErrorCase{"Port", "destinationPortRange: 5432", "destinationPortRange: 65536", "65536", "a port, a range", ""},
        ErrorCase{"PasswordInUrl", "https://192.168.4.20", "https://u:secret@192.168.4.20", "https://",
                  "a password in the file", ""},
        ErrorCase{"PasswordInUser", "user: migrator", "user: migrator:secret", "migrator:secret",
                  "looks like user:password", ""},
        ErrorCase{"MigrationName", "name: orders-to-flexible", "name: -orders", "-orders", "no leading hyphen", ""},
        ErrorCase{"TooManyDatabases", "[orders, billing]", "[a, b, c, d, e, f, g, h, i]", "[a, b",
                  "9 databases, at most 8", ""}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    AclsAndManagers, ReadTopologyError,
    testing::Values(
        ErrorCase{"AclKey", "ruleAction: allow, ipv6", "ruleActon: allow, ipv6", "ruleActon", "unknown key 'ruleActon'",
                  "ruleAction"},
        ErrorCase{"AclAction", "ruleAction: allow, ipv6", "ruleAction: alow, ipv6", "alow",
                  "expected one of allow, deny", "allow"},
        ErrorCase{"AclProtocol", "protocol: tcp, ruleAction", "protocol: tpc, ruleAction", "tpc",
                  "expected one of -1, all, tcp", "tcp"},
        ErrorCase{"AclNumberTwice", "ruleNumber: 200", "ruleNumber: 100", "{ruleNumber: 100", "used twice for egress",
                  ""},
        ErrorCase{"AclNumber", "ruleNumber: 200", "ruleNumber: 40000", "40000", "not in 1-32766", ""},
        ErrorCase{"AclFamily", "ipv6CidrBlock: \"::/0\"", "cidrBlock: \"::/0\"", "\"::/0\"", "::/0 in cidrBlock",
                  "ipv6CidrBlock"},
        ErrorCase{"AclPortsTurned", "{from: 1024, to: \"65535\"}", "{from: 1024, to: 80}", "{from: 1024",
                  "from 1024 to 80", "{from: 80, to: 1024}"},
        ErrorCase{"AclPortsMissing", ", portRange: {from: 5432, to: 5432}", "", "{ruleNumber: 100, egress: false",
                  "missing key 'portRange'", "every port"},
        ErrorCase{"AclOutside", "associations: [172.20.4.0/24]", "associations: [172.21.4.0/24]", "name: acl-databases",
                  "lies outside site 'aws-orders'", ""},
        ErrorCase{"AclAtAnotherSite", "kind: aws", "kind: gcp", "", "'networkAcls' in site 'aws-orders'", "only aws"},
        ErrorCase{"NetworkGroup", "appliesToGroups: [ng-production]", "appliesToGroups: [ng-prodution]", "ng-prodution",
                  "unknown network group 'ng-prodution'", "ng-production"},
        ErrorCase{"GroupMember", "staticMembers: [vnet-hub, vnet-target]", "staticMembers: [vnet-hub, vnet-targt]",
                  "vnet-targt", "unknown virtual network 'vnet-targt'", "vnet-target"},
        ErrorCase{"AdminAccess", "access: AlwaysAllow", "access: AlwaysAlow", "AlwaysAlow",
                  "expected one of Allow, Deny, AlwaysAllow", "AlwaysAllow"},
        ErrorCase{"AdminPriority", "priority: 20", "priority: 0", "0", "is not in 1-4096", ""},
        ErrorCase{"AdminTag", "sources: [10.10.0.0/16, VirtualNetwork]", "sources: [10.10.0.0/16, VirtualNetwrok]",
                  "VirtualNetwrok", "unknown service tag", "VirtualNetwork"},
        ErrorCase{"OutboundEndpoint", "dnsResolverOutboundEndpoints: [outbound-hub]",
                  "dnsResolverOutboundEndpoints: [outbound-hab]", "outbound-hab", "unknown DNS outbound endpoint",
                  "outbound-hub"},
        ErrorCase{"LearnedWithoutBgp", "enableBgp: true, ", "", "{name: to-datacenter",
                  "'learnedRoutes' without enableBgp", "enableBgp: true"},
        ErrorCase{"AuthorizedNetworksElsewhere", "kind: googleCloudSql", "kind: otherCloud", "[{name: azure",
                  "'authorizedNetworks' in server 'orders-gcp'", "firewallRules"},
        ErrorCase{"Ipv4InAaaa", "ipv6Addresses: [\"fd00:20::4\"]", "ipv6Addresses: [10.20.2.4]", "10.20.2.4",
                  "expected an IPv6 address", ""},
        ErrorCase{"RecordWithoutAddresses", "ipv4Addresses: [10.10.2.9], ipv6Addresses: [\"fd00:10::9\"], ", "",
                  "{name: App.contoso.example", "missing key 'ipv4Addresses' or 'ipv6Addresses'", ""}),
    [](const auto& test) { return std::string{test.param.name}; });

INSTANTIATE_TEST_SUITE_P(
    Objects, ReadTopologyError,
    testing::Values(
        ErrorCase{"UnknownSubnet", "subnet: snet-fw", "subnet: snet-fx", "snet-fx", "unknown subnet 'snet-fx'",
                  "snet-fw"},
        ErrorCase{"UnknownSecurityGroup", "networkSecurityGroup: nsg-runtime", "networkSecurityGroup: nsg-runtme",
                  "nsg-runtme", "unknown network security group", "nsg-runtime"},
        ErrorCase{"UnknownServer", "source: orders-source", "source: order-source", "order-source", "unknown server",
                  "orders-source"},
        ErrorCase{"UnknownZone", "privateDnsZone: privatelink.", "privateDnsZone: privatlink.", "privatlink",
                  "unknown private DNS zone", "privatelink."},
        ErrorCase{"UnknownNetworkInList", "virtualNetworkLinks: [vnet-hub]",
                  "virtualNetworkLinks: [vnet-hub, vnet-hab]", "vnet-hab", "unknown virtual network", "vnet-hub"},
        ErrorCase{"ServiceTag", "destinationAddressPrefix: VirtualNetwork", "destinationAddressPrefix: VirtualNetwrok",
                  "VirtualNetwrok", "unknown service tag", "VirtualNetwork"},
        ErrorCase{"DuplicateName", "name: vnet-target", "name: Vnet-Hub", "Vnet-Hub", "duplicate name", ""},
        ErrorCase{"Overlap", "addressPrefix: 10.10.2.0/24", "addressPrefix: 10.10.1.128/25", "10.10.1.128",
                  "overlaps 10.10.1.0/24", ""},
        ErrorCase{"Outside", "addressPrefix: 10.20.2.0/24", "addressPrefix: 10.30.2.0/24", "10.30.2.0",
                  "lies outside virtual network", ""},
        ErrorCase{"UnusableSpace", "addressPrefixes: [10.20.0.0/16]", "addressPrefixes: [169.254.0.0/17]", "[169",
                  "no virtual network may use", ""},
        ErrorCase{"PeersOverlap", "addressPrefixes: [10.20.0.0/16]", "addressPrefixes: [10.20.0.0/16, 10.10.0.0/20]",
                  "", "networks that overlap", ""},
        ErrorCase{"PriorityRange", "priority: 4096", "priority: 4097", "4097", "not in 100-4096", ""},
        ErrorCase{"PriorityTwice", "priority: 4096", "priority: 100", "100", "used twice for Outbound", ""},
        ErrorCase{"AddressOutside", "ipAddress: 10.10.2.4", "ipAddress: 10.10.3.4", "10.10.3.4", "lies outside subnet",
                  ""},
        ErrorCase{"AddressOfAzure", "ipAddress: 10.10.2.4", "ipAddress: 10.10.2.3", "10.10.2.3", "that Azure keeps",
                  ""},
        ErrorCase{"RuntimeIsTarget", "runtimeServer: orders-runtime", "runtimeServer: orders-target", "orders-target",
                  "is the target", ""},
        ErrorCase{"SiteAndNetwork", "site: datacenter\n    ipAddress: 192.168.4.20",
                  "site: datacenter\n    virtualNetwork: vnet-hub", "", "both 'site' and 'virtualNetwork'", ""},
        ErrorCase{"SubnetAlone", "    site: datacenter\n    ipAddress", "    subnet: snet-fw\n    ipAddress", "snet-fw",
                  "'subnet' without 'virtualNetwork'", ""},
        ErrorCase{"IntegratedWithoutSubnet", "    subnet: snet-runtime\n    privateDnsZone", "    privateDnsZone",
                  "name: orders-runtime", "missing key 'subnet'", ""},
        ErrorCase{"NextHop", "nextHopType: Internet", "nextHopType: VirtualAppliance", "{name: out",
                  "missing key 'nextHopIpAddress'", ""},
        ErrorCase{"OwnGateway", "useRemoteGateways: false", "useRemoteGateways: true", "true", "a gateway of its own",
                  ""}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(ReadTopology, AllErrorsOfAFileComeAtOnceAndInOrder) {
  const auto topology = read_topology(
      replaced(replaced(replaced(contoso(), "routeTable:", "routTable:"), "priority: 4096", "priority: 5000"),
               "subnet: snet-fw", "subnet: x"));
  ASSERT_FALSE(topology);
  ASSERT_EQ(topology.error().size(), 3u) << shown(topology);
  EXPECT_TRUE(std::is_sorted(topology.error().begin(), topology.error().end(),
                             [](const auto& a, const auto& b) { return a.location.line < b.location.line; }));
}

TEST(ReadTopology, NeverRepeatsASecret) {
  for (const char* line :
       {"agent: https://u:s3cret@h", "adminPassword: s3cret", "user: u:s3cret", "passwordEnv: s3cret!",
        "fqdn: postgres://u:s3cret@h/db", "customHost: host=h password=s3cret", "sslMode: u:s3cret@h",
        "postgres://u:s3cret@h: x", "PGPASSWORD: [s3cret]"}) {
    const auto topology = read_topology(replaced(contoso(), "user: migrator", line));
    ASSERT_FALSE(topology) << line;
    EXPECT_EQ(shown(topology).find("s3cret"), std::string::npos) << shown(topology);
  }
}

TEST(ReadTopology, NeverRepeatsASecretBesideASyntaxError) {
  for (const char* line : {"adminPassword: 's3cret", "agent: \"https://u:s3cret@h", "customHost: password=s3cret: x",
                           "user: u:s3cret@h: [", "pwd:\n  [s3cret"}) {
    const auto topology = read_topology(replaced(contoso(), "user: migrator", line));
    ASSERT_FALSE(topology) << line;
    EXPECT_NE(shown(topology).find("not valid YAML: "), std::string::npos) << shown(topology);
    EXPECT_EQ(shown(topology).find("s3cret"), std::string::npos) << shown(topology);
  }
}

TEST(ReadTopology, NotesWhatIsProbablyNotMeant) {
  const auto topology = read_topology(replaced(contoso(), "sourceApplicationSecurityGroups: [asg-app]",
                                               "sourceApplicationSecurityGroups: [asg-other]"));
  ASSERT_TRUE(topology) << shown(topology);
  ASSERT_EQ(topology->notes.size(), 1u);
  EXPECT_EQ(topology->notes[0].subject, "asg-other");
  EXPECT_TRUE(topology->notes[0].location.known());
}

struct TextCase {
  const char* name;
  std::string text;
  std::string message;
  Location location;
};
class ReadText : public testing::TestWithParam<TextCase> {};

TEST_P(ReadText, EndsWithOneClearError) {
  const auto topology = read_topology(GetParam().text);
  ASSERT_FALSE(topology);
  EXPECT_NE(topology.error()[0].message.find(GetParam().message), std::string::npos) << shown(topology);
  EXPECT_EQ(topology.error()[0].location, GetParam().location);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

std::string billion_laughs() {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i)
    text += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, ReadText,
    testing::Values(
        TextCase{"Empty", "", "the file is empty", {1, 1}}, TextCase{"Comment", "# x\n", "the file is empty", {1, 1}},
        TextCase{"Binary", std::string{"a\x00\xff", 3}, "the file is not text", {1, 2}},
        TextCase{"NotUtf8", "a: \xC3(", "not UTF-8", {1, 4}},
        TextCase{"JsonNotUtf8", "{\"a\": \"\xC3(\"}", "not UTF-8", {1, 8}},
        TextCase{"Tab", "a: b\nc:\n\td: 1\n", "not valid YAML", {3, 1}},
        TextCase{"NoColon", "a: b\nservers\nc: d\n", "not valid YAML at 'servers'", {2, 1}},
        TextCase{"Indentation", "a:\n  b: c\n d: [e]\n", "not valid YAML at 'd: [e]'", {3, 2}},
        TextCase{"UnclosedYamlString", "a: 'b\nc: d\n", "not valid YAML at ''b'", {1, 4}},
        TextCase{"WrongBracket", "a: [b}", "not valid YAML at '}'", {1, 6}},
        TextCase{"NotUtf8BehindAnError", "a: b: c\xFF", "not", {1, 8}},
        TextCase{"Tag", "a: !!binary b", "the YAML tag 'tag:yaml.org,2002:binary' is not supported", {1, 4}},
        TextCase{"TwoDocuments", "a: b\n---\nc: d\n", "more than one YAML document", {2, 1}},
        TextCase{"Scalar", "hello", "expected topology", {1, 1}},
        TextCase{"Laughs", billion_laughs(), "expand to more than", {8, 10}},
        TextCase{"InItself", "a: &a [*a]", "inside the value that it names", {1, 8}},
        TextCase{"NoAnchor", "a: *b", "names no anchor", {1, 4}}, TextCase{"Star", "a: *", "not valid YAML", {1, 5}},
        TextCase{"DeepYaml", "a: " + std::string(100'000, '['), "nested more than 64", {1, 67}},
        TextCase{"DeepJson", std::string(1000, '[') + std::string(1000, ']'), "nested more than 64", {1, 65}},
        TextCase{"TruncatedJson", "{\"a\": [1, 2", "ends too early, the [ of line 1, column 7 is open", {1, 12}},
        TextCase{"WrongJsonBracket", "{\"a\": [}, 1", "the } closes no {", {1, 8}},
        TextCase{"MoreJson", "{\"a\": 1} 2", "follows the topology", {1, 11}},
        TextCase{"UnclosedString", "{\"a\": \"b", "is not closed", {1, 7}},
        TextCase{"BreakInString", "{\"a\": \"b\n\"}", "line break", {1, 9}},
        TextCase{"DeepUnclosedJson", repeated("{\"a\":,", 1000), "nested more than 64", {1, 385}},
        TextCase{"TagDirectives", repeated("%TAG !a! b\n", 200), "%TAG directives", {102, 1}},
        TextCase{"BadWord", "{\"a\": tru}", "not valid JSON at 'tru}'", {1, 7}}),
    [](const auto& test) { return std::string{test.param.name}; });

// Apart from the table, so that not every test program makes the text when it starts.
TEST(ReadLargeText, MoreThanTheLimitIsRefusedUnread) {
  const auto topology = read_topology(std::string((64u << 20) + 1, ' '));
  ASSERT_FALSE(topology);
  EXPECT_NE(topology.error()[0].message.find("at most"), std::string::npos) << shown(topology);
}

/// Texts that once took time with the square of their length: with it, ctest's own limit would end them.
struct ManyCase {
  const char* name;
  std::string (*text)();
  std::size_t least;  ///< errors
};
class ReadMany : public testing::TestWithParam<ManyCase> {};

constexpr std::string_view head = "apiVersion: pgpassage/v1\nmetadata: {name: x}\n";

std::string numbered(std::string_view start, fmt::string_view line, int count) {
  std::string text{head};
  text += start;
  for (int i = 0; i < count; ++i) text += fmt::vformat(line, fmt::make_format_args(i));
  return text;
}

/// Two networks with many prefixes each, joined by many peerings.
std::string peered() {
  std::string text{head};
  text += "virtualNetworks:\n";
  for (int network = 0; network < 2; ++network) {
    text += fmt::format("- name: v{}\n  addressPrefixes:\n", network);
    for (int i = 0; i < 20'000; ++i) text += fmt::format("  - {}.{}.{}.0/24\n", 20 + network, i / 256, i % 256);
    text += "  peerings:\n";
    for (int i = 0; i < 200; ++i)
      text += fmt::format("  - {{name: p{}, remoteVirtualNetwork: v{}, peeringState: Connected}}\n", i, 1 - network);
  }
  return text;
}

/// A network with many prefixes, and many subnets outside.
std::string outside() {
  std::string text = numbered("virtualNetworks:\n- name: v\n  addressPrefixes:\n", "", 0);
  for (int i = 0; i < 20'000; ++i) text += fmt::format("  - 20.{}.{}.0/24\n", i / 256, i % 256);
  text += "  subnets:\n";
  for (int i = 0; i < 20'000; ++i)
    text += fmt::format("  - {{name: s{}, addressPrefix: 9.{}.{}.0/24}}\n", i, i / 256, i % 256);
  return text;
}

/// A reference that is nearly one of many names of the same length.
std::string alike() {
  std::string text =
      numbered("networkSecurityGroups:\n", "- {{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{:05}}}\n", 500);
  text += "virtualNetworks:\n- name: v\n  addressPrefixes: [10.0.0.0/8]\n  subnets:\n";
  for (int i = 0; i < 64; ++i)
    text += fmt::format("  - {{name: s{0}, addressPrefix: 10.0.{0}.0/24, networkSecurityGroup: {1:a>46}bbb{0:03}}}\n",
                        i, "");
  return text;
}

TEST_P(ReadMany, EndsWithItsErrors) {
  const std::string text = GetParam().text();
  const auto topology = read_topology(text);
  ASSERT_FALSE(topology);
  EXPECT_GE(topology.error().size(), GetParam().least);
  EXPECT_LE(topology.error().size(), max_diagnostics + 1);
  const bool full = topology.error().size() == max_diagnostics + 1;
  EXPECT_EQ(topology.error().back().message.find("and more") != std::string::npos, full);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, ReadMany,
    testing::Values(ManyCase{"UnknownKeys", [] { return numbered("", "key{}: x\n", 200'000); }, max_diagnostics + 1},
                    ManyCase{"UnknownReferences",
                             [] {
                               return numbered(
                                   "servers:\n",
                                   "- {{name: s{0}, kind: azureVm, access: private, fqdn: a.b, site: x{0}}}\n", 30'000);
                             },
                             max_diagnostics + 1},
                    ManyCase{"DuplicateKeys", [] { return numbered("", "metadata: {{name: x{}}}\n", 100'000); },
                             max_diagnostics + 1},
                    ManyCase{"ExactlyAsManyAsAreKept", [] { return numbered("", "key{}: x\n", 10'000); },
                             max_diagnostics},
                    ManyCase{"PeeredNetworks", peered, 398}, ManyCase{"SubnetsOutside", outside, max_diagnostics + 1},
                    ManyCase{"NamesAlike", alike, 64}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage
