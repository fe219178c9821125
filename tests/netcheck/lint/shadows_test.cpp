#include "netcheck/lint/shadows.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::lint {
namespace {

using test::prefixes;
using test::rule;
using enum Direction;
constexpr Access allow = Access::allow;
constexpr Access deny = Access::deny;

/// "later <- earlier earlier" for each shadowed rule.
std::vector<std::string> shadows(std::vector<SecurityRule> rules, const Topology& topology = {}) {
  const NetworkSecurityGroup nsg{"nsg", std::move(rules), {}};
  const std::vector<Cidr> network{test::cidr("10.10.0.0/16")};
  const Shadows found = shadowed_rules(GroupBoxes{topology, nsg, network});
  EXPECT_TRUE(found.undecided.empty());
  std::vector<std::string> texts;
  for (const ShadowedRule& shadowed : found.rules) {
    std::string text = shadowed.rule->name + " <-";
    for (const SecurityRule* other : shadowed.by) text += ' ' + other->name;
    texts.push_back(text);
  }
  return texts;
}

struct ShadowCase {
  const char* name;
  std::vector<SecurityRule> rules;
  std::vector<std::string> shadowed;
};

class Shadowed : public testing::TestWithParam<ShadowCase> {};

TEST_P(Shadowed, ByThoseThatDecideItsFlows) { EXPECT_EQ(shadows(GetParam().rules), GetParam().shadowed); }

SecurityRule with_protocol(SecurityRule rule, Protocol protocol) {
  rule.protocol = protocol;
  return rule;
}

SecurityRule from_group(SecurityRule rule, const char* group) {
  rule.source_prefixes.clear();
  rule.source_groups = {group};
  return rule;
}

const SecurityRule deny_all =
    with_protocol(rule({"deny-all", 300, inbound, deny, "*", "*", {0, 65535}}), Protocol::any);

INSTANTIATE_TEST_SUITE_P(
    All, Shadowed,
    testing::Values(
        ShadowCase{"TheSameTwice", {rule({"a", 100, inbound, allow}), rule({"b", 200, inbound, allow})}, {"b <- a"}},
        ShadowCase{"OtherDirectionsDoNot", {rule({"a", 100, inbound, allow}), rule({"b", 200, outbound, allow})}, {}},
        ShadowCase{"AWiderPrefix",
                   {rule({"a", 100, inbound, deny, "10.0.0.0/8"}), rule({"b", 200, inbound, allow, "10.1.0.0/16"})},
                   {"b <- a"}},
        ShadowCase{"NotByANarrowerOne",
                   {rule({"a", 100, inbound, deny, "10.1.0.0/16"}), rule({"b", 200, inbound, allow, "10.0.0.0/8"})},
                   {}},
        ShadowCase{
            "TwoHalvesTogether",
            {rule({"low", 100, inbound, allow, "10.1.0.0/17"}), rule({"high", 110, inbound, deny, "10.1.128.0/17"}),
             rule({"whole", 200, inbound, allow, "10.1.0.0/16"})},
            {"whole <- low high"}},
        ShadowCase{"HalvesOfTwoDimensions",
                   {rule({"a", 100, inbound, allow, "10.1.0.0/17", "*", {5000, 5500}}),
                    rule({"b", 110, inbound, allow, "10.1.128.0/17", "*", {5400, 6000}}),
                    rule({"c", 120, inbound, allow, "10.1.0.0/17", "*", {5501, 6000}}),
                    rule({"d", 130, inbound, allow, "10.1.128.0/17", "*", {5000, 5399}}),
                    rule({"whole", 200, inbound, allow, "10.1.0.0/16", "*", {5000, 6000}})},
                   {"whole <- a b c d"}},
        ShadowCase{"OnePortMissing",
                   {rule({"a", 100, inbound, allow, "10.1.0.0/17", "*", {5000, 5500}}),
                    rule({"b", 110, inbound, allow, "10.1.128.0/17", "*", {5000, 6000}}),
                    rule({"c", 120, inbound, allow, "10.1.0.0/17", "*", {5502, 6000}}),
                    rule({"whole", 200, inbound, allow, "10.1.0.0/16", "*", {5000, 6000}})},
                   {}},
        ShadowCase{"OnlyThoseThatDecideAreNamed",
                   {rule({"a", 100, inbound, allow, "10.1.0.0/16"}), rule({"b", 110, inbound, allow, "10.1.0.0/24"}),
                    rule({"c", 200, inbound, deny, "10.1.0.0/24"})},
                   {"b <- a", "c <- a"}},
        ShadowCase{"BehindADenyOfEverything",
                   {rule({"a", 100, inbound, allow, "10.1.0.0/16"}), deny_all, rule({"late", 400, inbound, allow})},
                   {"late <- a deny-all"}},
        ShadowCase{
            "TcpDoesNotCoverEveryProtocol", {rule({"tcp", 100, inbound, allow, "*", "*", {0, 65535}}), deny_all}, {}},
        ShadowCase{"TheSameTag",
                   {rule({"a", 100, inbound, allow, "Sql"}), rule({"b", 200, inbound, deny, "sql"})},
                   {"b <- a"}},
        ShadowCase{"TheTagOfItsRegion",
                   {rule({"a", 100, outbound, deny, "*", "Storage"}),
                    rule({"b", 200, outbound, allow, "*", "Storage.WestEurope"})},
                   {"b <- a"}},
        ShadowCase{"NotTheRegionOfItsTag",
                   {rule({"a", 100, outbound, deny, "*", "Storage.WestEurope"}),
                    rule({"b", 200, outbound, allow, "*", "Storage"})},
                   {}},
        ShadowCase{
            "PublicTagsByInternet",
            {rule({"a", 100, outbound, deny, "*", "Internet"}), rule({"b", 200, outbound, allow, "*", "Storage"})},
            {"b <- a"}},
        ShadowCase{
            "PublicAddressesByInternet",
            {rule({"a", 100, outbound, deny, "*", "Internet"}), rule({"b", 200, outbound, allow, "*", "20.1.0.0/16"})},
            {"b <- a"}},
        ShadowCase{
            "PrivateAddressesNotByInternet",
            {rule({"a", 100, outbound, deny, "*", "Internet"}), rule({"b", 200, outbound, allow, "*", "10.1.0.0/16"})},
            {}},
        ShadowCase{
            "TheNetworksOwnAddressesByItsTag",
            {rule({"a", 100, inbound, deny, "VirtualNetwork"}), rule({"b", 200, inbound, allow, "10.10.1.0/24"})},
            {"b <- a"}},
        ShadowCase{
            "ForeignAddressesNotByTheTag",
            {rule({"a", 100, inbound, deny, "VirtualNetwork"}), rule({"b", 200, inbound, allow, "10.11.1.0/24"})},
            {}},
        ShadowCase{"AGroupByTheNetworkOfItsMachines",
                   {rule({"a", 100, inbound, deny, "VirtualNetwork"}),
                    from_group(rule({"b", 200, inbound, allow}), "asg-app")},
                   {"b <- a"}},
        ShadowCase{
            "AGroupNotByAPrefix",
            {rule({"a", 100, inbound, deny, "10.0.0.0/8"}), from_group(rule({"b", 200, inbound, allow}), "asg-app")},
            {}},
        ShadowCase{"PlatformTagsNotByEverything",
                   {rule({"a", 100, outbound, allow}), rule({"b", 200, outbound, deny, "*", "AzurePlatformDNS"})},
                   {}},
        ShadowCase{"EveryAddressOfBothFamilies",
                   {rule({"v4", 100, inbound, allow, "0.0.0.0/0"}), rule({"v6", 110, inbound, allow, "::/0"}),
                    rule({"some", 200, inbound, deny, "2001:db8::/32"}), rule({"any", 210, inbound, deny})},
                   {"some <- v6", "any <- v4 v6"}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Shadowed, ByTagsWhoseAddressesTheFileLists) {
  Topology topology;
  topology.service_tags = {{"Storage.WestEurope", {test::cidr("20.60.0.0/16")}, {}}};
  EXPECT_EQ(shadows({rule({"a", 100, outbound, deny, "*", "20.60.0.0/15"}),
                     rule({"b", 200, outbound, allow, "*", "Storage.WestEurope"})},
                    topology),
            std::vector<std::string>{"b <- a"});
  EXPECT_EQ(shadows({rule({"a", 100, outbound, deny, "*", "Storage"}),
                     rule({"b", 200, outbound, allow, "*", "20.60.1.0/24"})},
                    topology),
            std::vector<std::string>{"b <- a"});
}

TEST(Shadowed, ContradictedWhenSomeFlowEndsOtherwise) {
  const NetworkSecurityGroup nsg{
      "nsg",
      {rule({"a", 100, inbound, allow, "10.0.0.0/9"}), rule({"b", 110, inbound, deny, "10.128.0.0/9"}),
       rule({"c", 200, inbound, allow, "10.0.0.0/8"}), rule({"d", 210, inbound, allow, "10.1.0.0/16"})},
      {}};
  const Shadows found = shadowed_rules(GroupBoxes{Topology{}, nsg, {}});
  ASSERT_EQ(found.rules.size(), 2U);
  EXPECT_TRUE(found.rules[0].contradicted());
  EXPECT_FALSE(found.rules[1].contradicted());
}

// A world of 4 sources, 4 destinations, 8 ports and 2 protocols, in which every flow can be tried.
struct Flow {
  std::uint32_t source, destination;
  Port port;
  Protocol protocol;
};

constexpr std::uint32_t base = 0x0a000000;

bool matches(const SecurityRule& rule, const Flow& flow) {
  return (rule.protocol == Protocol::any || rule.protocol == flow.protocol) &&
         rule.destination_ports.front().contains(flow.port) &&
         rule.source_prefixes.front().cidr->contains(IpAddress::from_ipv4(base + flow.source)) &&
         rule.destination_prefixes.front().cidr->contains(IpAddress::from_ipv4(base + flow.destination));
}

SecurityRule random_rule(int index, std::mt19937& random) {
  const auto prefix = [&] {
    const int length = 30 + static_cast<int>(random() % 3);
    return AddressPrefix{Cidr{IpAddress::from_ipv4(base + random() % 4), length}, ""};
  };
  SecurityRule result = rule({"", 100 + index, inbound, random() % 2 == 0 ? allow : deny});
  result.name = "r" + std::to_string(index);
  result.protocol = random() % 2 == 0 ? Protocol::tcp : Protocol::udp;
  result.source_prefixes = {prefix()};
  result.destination_prefixes = {prefix()};
  const auto first = static_cast<Port>(random() % 8);
  result.destination_ports = {{first, static_cast<Port>(first + random() % (8U - first))}};
  return result;
}

/// The rules that decide the flows of a rule, by trying every flow; empty when it decides one itself.
std::vector<std::string> deciders(const std::vector<SecurityRule>& rules, std::size_t index) {
  std::set<std::size_t> found;
  for (std::uint32_t source = 0; source < 4; ++source)
    for (std::uint32_t destination = 0; destination < 4; ++destination)
      for (Port port = 0; port < 8; ++port) {
        const Flow flow{source, destination, port, rules[index].protocol};
        if (!matches(rules[index], flow)) continue;
        std::size_t first = 0;
        while (!matches(rules[first], flow)) ++first;
        if (first == index) return {};
        found.insert(first);
      }
  std::vector<std::string> names;
  for (const std::size_t other : found) names.push_back(rules[other].name);
  return names;
}

TEST(Shadowed, AgreesWithTryingEveryFlow) {
  std::mt19937 random{20261121};
  int shadowed = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<SecurityRule> rules;
    for (int index = 0; index < 14; ++index) rules.push_back(random_rule(index, random));
    const NetworkSecurityGroup nsg{"nsg", rules, {}};
    const Shadows found = shadowed_rules(GroupBoxes{Topology{}, nsg, {}});
    ASSERT_TRUE(found.undecided.empty());
    std::size_t next = 0;
    for (std::size_t index = 0; index < rules.size(); ++index) {
      const std::vector<std::string> expected = deciders(rules, index);
      std::vector<std::string> actual;
      if (next < found.rules.size() && found.rules[next].rule == &nsg.rules[index])
        for (const SecurityRule* other : found.rules[next++].by) actual.push_back(other->name);
      ASSERT_EQ(actual, expected) << "round " << round << ", rule " << index;
      shadowed += expected.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(shadowed, 5000);
}

TEST(Shadowed, EndsOnRulesMadeToBeHard) {
  std::mt19937 random{7};
  NetworkSecurityGroup nsg{"nsg", {}, {}};
  for (int index = 0; index < 1000; ++index) {
    SecurityRule next = rule({"r", 100 + index, inbound, allow});
    next.source_prefixes = {
        {Cidr{IpAddress::from_ipv4(base + random() % 0x10000), 16 + static_cast<int>(random() % 14)}, ""}};
    next.destination_prefixes = {
        {Cidr{IpAddress::from_ipv4(base + random() % 0x10000), 16 + static_cast<int>(random() % 14)}, ""}};
    const auto first = static_cast<Port>(random() % 60000);
    next.destination_ports = {{first, static_cast<Port>(first + 5000)}};
    nsg.rules.push_back(next);
  }
  const Shadows found = shadowed_rules(GroupBoxes{Topology{}, nsg, {}});
  EXPECT_LT(found.rules.size() + found.undecided.size(), nsg.rules.size());
}

}  // namespace
}  // namespace pgpassage::netcheck::lint
