#include "netcheck/lint/open_rules.hpp"

#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::lint {
namespace {

using test::cidr;
using test::rule;
using enum Direction;
constexpr Access allow = Access::allow;
constexpr Access deny = Access::deny;

struct OpenCase {
  const char* name;
  std::vector<SecurityRule> rules;
  std::vector<std::string> open;
};

class RestrictsNothing : public testing::TestWithParam<OpenCase> {};

// The group guards 10.10.1.0/24 of the virtual network 10.10.0.0/16.
TEST_P(RestrictsNothing, WhileADefaultRuleLetsTheOthersThrough) {
  const NetworkSecurityGroup nsg{"nsg", GetParam().rules, {}};
  const std::vector<Cidr> network{cidr("10.10.0.0/16")}, subnets{cidr("10.10.1.0/24")};
  const Topology topology;
  const GroupBoxes boxes{topology, nsg, network};
  std::vector<std::string> names;
  for (const OpenRules& open : open_rules(boxes, subnets))
    for (const SecurityRule* found : open.rules) names.push_back(found->name);
  EXPECT_EQ(names, GetParam().open);
}

const SecurityRule from_app = rule({"from-app", 100, inbound, allow, "10.10.2.0/24", "10.10.1.0/24"});

INSTANTIATE_TEST_SUITE_P(
    All, RestrictsNothing,
    testing::Values(
        OpenCase{"OneSubnetIsAllowed", {from_app}, {"from-app"}},
        OpenCase{"APeerIsAllowed", {rule({"from-peer", 100, inbound, allow, "10.20.2.0/24"})}, {"from-peer"}},
        OpenCase{
            "TheRestIsDenied", {from_app, rule({"deny", 200, inbound, deny, "VirtualNetwork", "*", {0, 65535}})}, {}},
        OpenCase{
            "OtherPortsAreDenied", {from_app, rule({"deny", 200, inbound, deny, "*", "*", {22, 22}})}, {"from-app"}},
        OpenCase{"AnotherDirectionIsDenied", {from_app, rule({"deny", 200, outbound, deny})}, {"from-app"}},
        OpenCase{"SomebodyElseIsDenied", {from_app, rule({"deny", 200, inbound, deny, "10.10.3.0/24"})}, {}},
        OpenCase{"APeerIsDenied", {from_app, rule({"deny", 200, inbound, deny, "10.20.0.0/16"})}, {}},
        OpenCase{"ThePublicIsDenied", {from_app, rule({"deny", 200, inbound, deny, "Internet"})}, {"from-app"}},
        OpenCase{"TheWholeNetworkIsAllowed", {rule({"all", 100, inbound, allow, "10.10.0.0/16"})}, {}},
        OpenCase{"ATagIsAllowed", {rule({"all", 100, inbound, allow, "VirtualNetwork"})}, {}},
        OpenCase{"ThePublicIsAllowed", {rule({"all", 100, inbound, allow, "20.1.2.0/24"})}, {}},
        OpenCase{"WithinTheSubnet", {rule({"own", 100, inbound, allow, "10.10.1.0/24", "10.10.1.0/24"})}, {}},
        OpenCase{"Outbound", {rule({"to-app", 100, outbound, allow, "10.10.1.0/24", "10.10.2.0/24"})}, {"to-app"}}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::netcheck::lint
