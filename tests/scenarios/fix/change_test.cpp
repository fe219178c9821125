// Single changes: where a rule goes, and the commands with the names filled in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Passing passing{"runtime", "target", {*Cidr::parse("10.20.1.0/24")}, {*Cidr::parse("10.30.2.4/32")}};

SecurityRule rule_at(int priority, Direction direction = Direction::outbound) {
  SecurityRule rule;
  rule.name = "rule-" + std::to_string(priority);
  rule.priority = priority;
  rule.direction = direction;
  return rule;
}

NetworkSecurityGroup group_with(std::initializer_list<int> priorities) {
  NetworkSecurityGroup group;
  group.name = "nsg";
  for (const int priority : priorities) group.rules.push_back(rule_at(priority));
  return group;
}

int priority_of(const Change& change) { return change.edits.back().value.at("priority").to_number<int>(); }

TEST(AllowInGroup, GoesJustAboveTheRuleThatDenies) {
  EXPECT_EQ(priority_of(allow_in_group(group_with({100, 4000}), Direction::outbound, 4000, passing).front()), 3999);
  EXPECT_EQ(priority_of(allow_in_group(group_with({3999, 4000}), Direction::outbound, 4000, passing).front()), 3998);
  EXPECT_EQ(priority_of(allow_in_group(group_with({100}), Direction::outbound, 65000, passing).front()), 4096);
}

TEST(AllowInGroup, DoesNotMindTheNumbersOfTheOtherDirection) {
  NetworkSecurityGroup group = group_with({4000});
  group.rules.push_back(rule_at(3999, Direction::inbound));
  EXPECT_EQ(priority_of(allow_in_group(group, Direction::outbound, 4000, passing).front()), 3999);
}

TEST(AllowInGroup, MovesTheRulesDownWhenEveryNumberAboveIsTaken) {
  const auto changes = allow_in_group(group_with({100, 101, 103}), Direction::outbound, 100, passing);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(priority_of(changes.front()), 100);
  EXPECT_THAT(changes.front().az_cli,
              ElementsAre(HasSubstr("--name rule-101 --priority 102"), HasSubstr("--name rule-100 --priority 101"),
                          HasSubstr("rule create")));
}

NetworkAclEntry entry(int number, bool egress, Access action) {
  return {number, egress, Protocol::any, action, *Cidr::parse("0.0.0.0/0"), {}, {}};
}

const AclPassing answers{true, {*Cidr::parse("10.20.1.0/24")}, {1024, 65535}};

TEST(AllowInAcl, GoesJustBeforeTheEntryThatDenies) {
  Site site;
  site.name = "aws";
  NetworkAcl acl{"acl db", true, {}, {entry(99, true, Access::allow), entry(100, true, Access::deny)}, {}};
  const auto change = allow_in_acl(site, acl, answers);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->edits.front().value.at("ruleNumber").to_number<int>(), 98);
  EXPECT_TRUE(change->edits.front().value.at("egress").as_bool());
  EXPECT_THAT(change->az_cli, IsEmpty());
  EXPECT_THAT(change->other_cli, ElementsAre(AllOf(HasSubstr("--network-acl-id \"$NETWORK_ACL_ID\" "),
                                                   HasSubstr("--rule-number 98 --protocol tcp --port-range "
                                                             "From=1024,To=65535 --cidr-block 10.20.1.0/24 "
                                                             "--rule-action allow --egress"))));
}

TEST(AllowInAcl, GoesBehindAllWhereNoEntryDenies) {
  Site site;
  const NetworkAcl acl{"acl", true, {}, {entry(100, true, Access::allow), entry(7, false, Access::deny)}, {}};
  EXPECT_EQ(allow_in_acl(site, acl, answers)->edits.front().value.at("ruleNumber").to_number<int>(), 110);
}

TEST(AllowInAcl, HasNoAnswerWithoutAFreeNumberBefore) {
  Site site;
  const NetworkAcl acl{"acl", true, {}, {entry(1, true, Access::deny)}, {}};
  EXPECT_FALSE(allow_in_acl(site, acl, answers));
}

TEST(AllowInAdminRules, LeavesTheFlowToTheSecurityGroupsWithAPriorityThatNobodyHas) {
  AdminRule deny;
  deny.name = "deny";
  deny.priority = 3;
  deny.direction = Direction::outbound;
  AdminRule other = deny;
  other.priority = 2;
  const RuleCollection collection{"rules", {"all"}, {deny}, {}};
  const SecurityAdminConfiguration configuration{"admin", {collection, {"more", {"all"}, {other}, {}}}, {}};
  const auto change = allow_in_admin_rules(configuration, collection, deny, passing);
  ASSERT_TRUE(change);
  EXPECT_EQ(priority_of(*change), 1);
  EXPECT_EQ(change->edits.front().value.at("access").as_string(), "Allow");
  deny.priority = 1;
  EXPECT_FALSE(allow_in_admin_rules(configuration, collection, deny, passing));
}

TEST(AuthorizeNetworks, RepeatsTheWholeListBecauseGcloudReplacesIt) {
  Server server;
  server.name = "sql";
  server.authorized_networks = {{"office", *Cidr::parse("192.0.2.0/28"), {}}};
  const Change change = authorize_networks(server, "target", {*Cidr::parse("20.60.2.2/32")});
  EXPECT_THAT(change.other_cli,
              ElementsAre("gcloud sql instances patch sql --authorized-networks=192.0.2.0/28,20.60.2.2/32"));
}

TEST(LinkZone, QuotesNamesThatAShellWouldRead) {
  PrivateDnsZone zone;
  zone.name = "a;rm b.example";
  EXPECT_THAT(link_zone(zone, "vnet").az_cli, ElementsAre(HasSubstr("--zone-name 'a;rm b.example' ")));
}

TEST(CutRoute, TakesOneRouteForEachBitThatTheHoleIsLonger) {
  RouteTable table{"rt", false, {}, {}};
  Route route;
  route.name = "drop";
  route.prefix.cidr = Cidr::parse("10.40.0.0/16");
  EXPECT_EQ(cut_route(table, route, *Cidr::parse("10.40.3.4/32"))->edits.size(), 17u);
  EXPECT_EQ(cut_route(table, route, *Cidr::parse("10.40.16.0/20"))->edits.size(), 5u);
}

TEST(AllowInGroup, HasNoAnswerForAFullGroup) {
  NetworkSecurityGroup group;
  for (int priority = 100; priority <= 4096; ++priority) group.rules.push_back(rule_at(priority));
  EXPECT_THAT(allow_in_group(group, Direction::outbound, 100, passing), IsEmpty());
}

TEST(AllowInGroup, NamesOneFlowOnly) {
  const Change change = allow_in_group(group_with({4000}), Direction::outbound, 4000, passing).front();
  EXPECT_THAT(change.az_cli,
              ElementsAre("az network nsg rule create --resource-group \"$RESOURCE_GROUP\" --nsg-name nsg --name "
                          "allow-runtime-to-target-5432 --priority 3999 --direction Outbound --access Allow --protocol "
                          "Tcp --source-address-prefixes 10.20.1.0/24 --source-port-ranges \"*\" "
                          "--destination-address-prefixes 10.30.2.4/32 --destination-port-ranges 5432"));
}

TEST(AllowInGroup, MayNameAServiceTag) {
  Passing question = passing;
  question.destinations.clear();
  question.destination_tag = "AzurePlatformDNS";
  const Change change = allow_in_group(group_with({200}), Direction::outbound, 200, question).front();
  EXPECT_THAT(change.az_cli.front(), HasSubstr("--destination-address-prefixes AzurePlatformDNS "));
  EXPECT_EQ(change.edits.back().value.at("destinationAddressPrefix").as_string(), "AzurePlatformDNS");
}

TEST(CutRoute, LeavesEverythingButTheHole) {
  RouteTable table;
  table.name = "rt";
  Route route;
  route.name = "drop";
  route.prefix.cidr = *Cidr::parse("10.40.0.0/29");
  const IpAddress hole = *IpAddress::parse("10.40.0.5");
  const auto change = cut_route(table, route, Cidr{hole});
  ASSERT_TRUE(change);
  std::vector<std::string> rest;
  for (const editing::Edit& edit : change->edits)
    if (edit.action == editing::Edit::Action::append) rest.emplace_back(edit.value.at("addressPrefix").get_string());
  EXPECT_THAT(rest, ElementsAre("10.40.0.0/30", "10.40.0.6/31", "10.40.0.4/32"));
  EXPECT_FALSE(cut_route(table, route, *route.prefix.cidr));
  EXPECT_FALSE(cut_route(table, route, Cidr{*IpAddress::parse("10.41.0.1")}));
}

TEST(Merged, TakesTwoRulesThatDifferInOneEnd) {
  Topology topology;
  topology.network_security_groups = {group_with({4000})};
  const NetworkSecurityGroup& group = topology.network_security_groups.front();
  Passing other = passing;
  other.to = "source";
  other.destinations = {*Cidr::parse("192.168.4.20/32")};
  const Change one = allow_in_group(group, Direction::outbound, 4000, passing).front();
  const Change two = allow_in_group(group, Direction::outbound, 4000, other).front();
  const auto both = merged(topology, one, two);
  ASSERT_TRUE(both);
  EXPECT_THAT(both->az_cli.front(), HasSubstr("--destination-address-prefixes 10.30.2.4/32 192.168.4.20/32"));
  other.sources = {*Cidr::parse("10.20.2.4/32")};
  EXPECT_FALSE(merged(topology, one, allow_in_group(group, Direction::outbound, 4000, other).front()))
      << "one rule would let four flows through where two are meant";
}

TEST(Merged, TakesTwoEntriesOfOneNetworkAcl) {
  Topology topology;
  Site& site = topology.sites.emplace_back();
  site.name = "aws";
  NetworkAcl& acl = site.network_acls.emplace().emplace_back();
  acl.name = "acl";
  const AclPassing first{false, {*Cidr::parse("10.20.1.0/24")}, {5432, 5432}};
  AclPassing second = first;
  second.remotes = {*Cidr::parse("10.10.2.4/32")};
  const Change one = *allow_in_acl(site, acl, first);
  const auto both = merged(topology, one, *allow_in_acl(site, acl, second));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->edits.size(), 2u);
  EXPECT_THAT(both->text, HasSubstr("in from 10.20.1.0/24 10.10.2.4/32"));
  second.egress = true;
  EXPECT_FALSE(merged(topology, one, *allow_in_acl(site, acl, second))) << "the other direction";
}

TEST(Merged, TakesTwoSecurityAdminRulesOfOneCollection) {
  Topology topology;
  SecurityAdminConfiguration& configuration = topology.security_admin_configurations.emplace_back();
  configuration.name = "company";
  RuleCollection& collection = configuration.rule_collections.emplace_back();
  collection.name = "databases";
  for (const int priority : {200, 100}) {
    AdminRule& rule = collection.rules.emplace_back();
    rule.name = "no-" + std::to_string(priority);
    rule.priority = priority;
  }
  Passing other = passing;
  other.to = "source";
  other.destinations = {*Cidr::parse("192.168.4.20/32")};
  const Change one = *allow_in_admin_rules(configuration, collection, collection.rules[0], passing);
  const auto both = merged(topology, one, *allow_in_admin_rules(configuration, collection, collection.rules[1], other));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->edits.size(), 1u);
  EXPECT_THAT(both->text, HasSubstr("10.30.2.4/32 192.168.4.20/32"));
  EXPECT_THAT(both->text, HasSubstr("with priority 99")) << "before both of the rules that deny";
  other.sources = {*Cidr::parse("10.20.2.4/32")};
  EXPECT_FALSE(merged(topology, one, *allow_in_admin_rules(configuration, collection, collection.rules[1], other)));
}

VirtualNetwork network(const char* name, const char* remote, std::optional<PeeringState> state) {
  VirtualNetwork result;
  result.name = name;
  if (!state) return result;
  Peering link;
  link.name = "link";
  link.remote_virtual_network = remote;
  link.state = *state;
  result.peerings = {link};
  return result;
}

TEST(Peer, MakesOnlyTheLinkThatIsMissingWhenTheOtherWaits) {
  const Change change = peer(network("a", "b", PeeringState::initiated), network("b", "a", std::nullopt), false);
  EXPECT_THAT(change.az_cli, ElementsAre(HasSubstr("create --resource-group \"$RESOURCE_GROUP\" --vnet-name b")));
}

TEST(Peer, MakesBothLinksAnewWhenOneIsDisconnected) {
  const Change change =
      peer(network("a", "b", PeeringState::disconnected), network("b", "a", PeeringState::connected), false);
  EXPECT_THAT(change.az_cli,
              ElementsAre(HasSubstr("delete"), HasSubstr("delete"), HasSubstr("create"), HasSubstr("create")));
}

TEST(Names, AreOneWordOfAShell) {
  Server server;
  server.name = "o'rders; rm x";
  EXPECT_THAT(enable_public_access(server).az_cli, IsEmpty());
  server.kind = ServerKind::flexible_server;
  EXPECT_THAT(enable_public_access(server).az_cli, ElementsAre(HasSubstr("--name 'o'\\''rders; rm x' ")));
}

}  // namespace
}  // namespace pgpassage::scenarios::fix
