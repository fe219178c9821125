#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

NetworkAclEntry entry(int number, bool egress, Access action, const char* cidr_block, PortRange ports) {
  return {number, egress, Protocol::tcp, action, cidr(cidr_block), ports, {number, 11}};
}

/// The datacenter as a VPC whose security group lets Azure in, with one network ACL for the databases.
void in_aws(Topology& net, std::vector<NetworkAclEntry> entries) {
  Site& site = net.sites[0];
  site.kind = SiteKind::aws;
  net.servers[0].kind = ServerKind::amazon_rds;
  site.network_acls = {{"acl-db", false, {cidr("192.168.4.0/24")}, std::move(entries), {71, 7}}};
}

const PortRange postgres{5432, 5432};
const PortRange clients{1024, 65535};
constexpr bool ingress = false;
constexpr bool egress = true;
constexpr Access allow = Access::allow;
constexpr Access deny = Access::deny;

class NetworkAclFlow : public testing::TestWithParam<FlowCase> {};

TEST_P(NetworkAclFlow, NeedsAnEntryForEachDirection) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    ToAws, NetworkAclFlow,
    testing::Values(
        FlowCase{"BothDirections", "runtime", "source",
                 [](Topology& net) {
                   in_aws(net, {entry(100, ingress, allow, "10.10.0.0/16", postgres),
                                entry(100, egress, allow, "10.10.0.0/16", clients)});
                 },
                 Predicted::allowed},
        FlowCase{"NotListed", "runtime", "source",
                 [](Topology& net) {
                   in_aws(net, {});
                   net.sites[0].network_acls.reset();
                 },
                 Predicted::allowed},
        FlowCase{"AnswersHaveNoEntry",
                 "runtime",
                 "source",
                 [](Topology& net) { in_aws(net, {entry(100, ingress, allow, "10.10.0.0/16", postgres)}); },
                 Predicted::denied,
                 {cause::network_acl_denies}},
        FlowCase{"AnswersToSomePortsOnly",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   in_aws(net, {entry(100, ingress, allow, "10.10.0.0/16", postgres),
                                entry(100, egress, allow, "10.10.0.0/16", {32768, 60999})});
                 },
                 Predicted::unknown,
                 {cause::network_acl_undecided}},
        FlowCase{"AnswersByTwoEntries", "runtime", "source",
                 [](Topology& net) {
                   in_aws(net, {entry(100, ingress, allow, "10.10.0.0/16", postgres),
                                entry(100, egress, allow, "10.10.0.0/16", {1024, 32767}),
                                entry(110, egress, allow, "10.10.0.0/16", {32768, 65535})});
                 },
                 Predicted::allowed},
        FlowCase{"LowerNumberDenies",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   in_aws(net, {entry(90, ingress, deny, "10.10.1.0/24", postgres),
                                entry(100, ingress, allow, "10.10.0.0/16", postgres),
                                entry(100, egress, allow, "10.10.0.0/16", clients)});
                 },
                 Predicted::denied,
                 {cause::network_acl_denies}},
        FlowCase{"EmptyDeniesBoth",
                 "runtime",
                 "source",
                 [](Topology& net) { in_aws(net, {}); },
                 Predicted::denied,
                 {cause::network_acl_denies}},
        FlowCase{"NoneCoversTheAddress",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   in_aws(net, {});
                   net.sites[0].network_acls->front().associations = {cidr("192.168.5.0/24")};
                 },
                 Predicted::unknown,
                 {cause::network_acl_not_described}},
        FlowCase{
            "DefaultCoversTheRest", "runtime", "source",
            [](Topology& net) {
              in_aws(net, {});
              NetworkAcl all{"acl-default", true, {}, {}, {}};
              all.entries = {entry(100, ingress, allow, "0.0.0.0/0", {}), entry(100, egress, allow, "0.0.0.0/0", {})};
              net.sites[0].network_acls->front().associations = {cidr("192.168.5.0/24")};
              net.sites[0].network_acls->push_back(all);
            },
            Predicted::allowed},
        FlowCase{"FromAwsNeedsTheOtherPorts",
                 "source",
                 "runtime",
                 [](Topology& net) {
                   in_aws(net, {entry(100, egress, allow, "10.10.0.0/16", postgres),
                                entry(100, ingress, allow, "10.10.0.0/16", {443, 443})});
                 },
                 Predicted::denied,
                 {cause::network_acl_denies}},
        FlowCase{"FromAws", "source", "runtime",
                 [](Topology& net) {
                   in_aws(net, {entry(100, egress, allow, "10.10.0.0/16", postgres),
                                entry(100, ingress, allow, "10.10.0.0/16", clients)});
                 },
                 Predicted::allowed}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(NetworkAcl, StandsBetweenSubnetsAndNotInsideOne) {
  Topology net = contoso();
  in_aws(net, {});
  net.sites[0].firewall_rules->push_back(rule({"pg-inside", 2, Direction::inbound, Access::allow, "192.168.0.0/16"}));
  const auto from = [&](const char* address) {
    net.hosts = {Host{"vm-aws", "", "", "datacenter", ip(address), "", {}, "", "", {}}};
    return flow(net, "vm-aws", "source");
  };
  EXPECT_EQ(from("192.168.4.99").predicted, Predicted::allowed) << text_of(from("192.168.4.99"));
  EXPECT_EQ(causes(from("192.168.9.9")),
            (std::vector<std::string>{cause::network_acl_not_described, cause::network_acl_denies}));
}

TEST(NetworkAcl, HopNamesTheEntryAndTheLeg) {
  Topology net = contoso();
  in_aws(net, {entry(100, ingress, allow, "10.10.0.0/16", postgres), entry(7, egress, deny, "0.0.0.0/0", clients)});
  const Trace trace = flow(net, "runtime", "source");
  const Hop* hop = hop_with(trace, cause::network_acl_denies);
  ASSERT_NE(hop, nullptr) << text_of(trace);
  EXPECT_EQ(hop->by, "datacenter/acl-db/7");
  EXPECT_EQ(hop->leg, Leg::back);
  EXPECT_EQ(hop->kind, HopKind::firewall);
  EXPECT_EQ(hop->location, (Location{7, 11}));
}

void cloud_sql(Topology& net) {
  net.sites[0].kind = SiteKind::gcp;
  net.servers[0].kind = ServerKind::google_cloud_sql;
}

/// A client that is not in RFC 1918: the hub's second address space.
void from_shared_space(Topology& net) {
  cloud_sql(net);
  hub(net).address_prefixes.push_back(cidr("100.64.0.0/16"));
  runtime_subnet(net).prefixes = {cidr("100.64.1.0/24")};
  net.sites[0].firewall_rules = {rule({"pg", 1, Direction::inbound, Access::allow})};
}

INSTANTIATE_TEST_SUITE_P(
    CloudSql, NetworkAclFlow,
    testing::Values(
        FlowCase{"PrivateClientNeedsNoEntry", "runtime", "source",
                 [](Topology& net) {
                   cloud_sql(net);
                   net.servers[0].authorized_networks.emplace();
                 },
                 Predicted::allowed},
        FlowCase{"OtherClientNeedsOne",
                 "runtime",
                 "source",
                 [](Topology& net) {
                   from_shared_space(net);
                   net.servers[0].authorized_networks.emplace();
                 },
                 Predicted::denied,
                 {cause::authorized_network_missing}},
        FlowCase{"OtherClientHasOne", "runtime", "source",
                 [](Topology& net) {
                   from_shared_space(net);
                   net.servers[0].authorized_networks = {{"azure", cidr("100.64.0.0/16"), {}}};
                 },
                 Predicted::allowed},
        FlowCase{
            "NotListed_", "runtime", "source", from_shared_space, Predicted::unknown, {cause::firewall_not_described}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(AuthorizedNetworks, DecideForAPublicServer) {
  Topology net = contoso();
  Server server = test::server("sql", ServerKind::google_cloud_sql, ServerAccess::public_access);
  server.public_ip_address = ip("203.0.113.9");
  server.authorized_networks = {{"azure", cidr("198.51.100.0/24"), {99, 3}}};
  net.servers.push_back(server);
  net.servers[1].egress_ip_addresses = {ip("198.51.100.7")};
  const Trace admitted = flow(net, "runtime", "sql");
  EXPECT_EQ(admitted.predicted, Predicted::allowed) << text_of(admitted);
  net.servers[1].egress_ip_addresses = {ip("198.51.101.7")};
  const Trace refused = flow(net, "runtime", "sql");
  EXPECT_EQ(refused.predicted, Predicted::denied) << text_of(refused);
  EXPECT_EQ(hop_with(refused, cause::firewall_denies)->by, "sql/authorizedNetworks");
}

}  // namespace
}  // namespace pgpassage::netcheck::test
