#include "netcheck/reach/states.hpp"
#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

struct AdminText {
  const char* name;
  int priority;
  Direction direction;
  AdminRuleAccess access;
  const char* source = "*";
  const char* destination = "*";
};

AdminRule admin_rule(const AdminText& text) {
  AdminRule rule;
  rule.name = text.name;
  rule.priority = text.priority;
  rule.direction = text.direction;
  rule.access = text.access;
  rule.sources = prefixes({text.source});
  rule.destinations = prefixes({text.destination});
  rule.source_ports = {PortRange{}};
  rule.destination_ports = {{5432, 5432}};
  rule.location = {text.priority, 11};
  return rule;
}

/// The rules for the hub and the spoke.
void manage(Topology& net, std::vector<AdminText> texts) {
  if (net.network_groups.empty()) net.network_groups = {{"ng-estate", {"vnet-hub", "vnet-spoke", "vnet-target"}, {}}};
  RuleCollection collection{"rc", {"ng-estate"}, {}, {}};
  for (const AdminText& text : texts) collection.rules.push_back(admin_rule(text));
  net.security_admin_configurations.push_back({"sac", {collection}, {}});
}

constexpr Direction in = Direction::inbound;
constexpr Direction out = Direction::outbound;
using enum AdminRuleAccess;

class AdminRuleFlow : public testing::TestWithParam<FlowCase> {};

TEST_P(AdminRuleFlow, IsDecidedBeforeTheSecurityGroups) { expect_flow(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Estate, AdminRuleFlow,
    testing::Values(FlowCase{"DenyOut",
                             "runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"no-postgres", 10, out, deny}});
                             },
                             Predicted::denied,
                             {cause::security_admin_denies}},
                    FlowCase{"DenyIn",
                             "runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"no-postgres", 10, in, deny, "10.10.0.0/16"}});
                             },
                             Predicted::denied,
                             {cause::security_admin_denies}},
                    FlowCase{"OfOtherAddresses", "runtime", "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"no-postgres", 10, in, deny, "10.99.0.0/16"}});
                             },
                             Predicted::allowed},
                    FlowCase{"LowerNumberFirst", "runtime", "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, allow}, {"no", 10, in, deny}});
                             },
                             Predicted::allowed},
                    FlowCase{"AllowLeavesItToTheGroup",
                             "runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, allow}});
                               add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"deny", 100, in, Access::deny})});
                             },
                             Predicted::denied,
                             {cause::nsg_denies}},
                    FlowCase{"AlwaysAllowPassesByTheGroup", "runtime", "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, always_allow}});
                               add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"deny", 100, in, Access::deny})});
                             },
                             Predicted::allowed},
                    FlowCase{"DenyIsNotOutweighedByTheGroup",
                             "runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"no", 5, in, deny}});
                               add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"allow", 100, in, Access::allow})});
                             },
                             Predicted::denied,
                             {cause::security_admin_denies}},
                    FlowCase{"ConflictOfOnePriority",
                             "runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, allow}, {"no", 5, in, deny}});
                             },
                             Predicted::unknown,
                             {cause::security_admin_undecided}},
                    FlowCase{"DenyThatMayMatch",
                             "vnet-hub/snet-runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"no", 5, in, deny, "10.10.1.128/25"}});
                             },
                             Predicted::unknown,
                             {cause::security_admin_undecided}},
                    FlowCase{"AlwaysAllowThatMayMatchBesideAGroupThatDenies",
                             "vnet-hub/snet-runtime",
                             "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, always_allow, "10.10.1.128/25"}});
                               add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"deny", 100, in, Access::deny})});
                             },
                             Predicted::unknown,
                             {cause::security_admin_undecided}},
                    FlowCase{"AlwaysAllowThatMayMatchBesideAGroupThatAdmits", "vnet-hub/snet-runtime", "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 5, in, always_allow, "10.10.1.128/25"}});
                               add_nsg(net, spoke(net).subnets[0], "nsg-vm", {rule({"allow", 100, in, Access::allow})});
                             },
                             Predicted::allowed},
                    FlowCase{"FirstConfigurationFirst", "runtime", "vm-orders",
                             [](Topology& net) {
                               manage(net, {{"yes", 4096, in, always_allow}});
                               manage(net, {{"no", 1, in, deny}});
                             },
                             Predicted::allowed},
                    FlowCase{"NetworkOutsideTheGroup", "runtime", "vm-orders",
                             [](Topology& net) {
                               net.network_groups = {{"ng-estate", {"vnet-target"}, {}}};
                               manage(net, {{"no", 1, in, deny}});
                             },
                             Predicted::allowed},
                    FlowCase{"PrivateEndpointIsOutside", "runtime", "target",
                             [](Topology& net) {
                               manage(net, {{"no", 1, in, deny}});
                             },
                             Predicted::allowed},
                    FlowCase{
                        "ApplianceIsInside",
                        "runtime",
                        "vm-orders",
                        [](Topology& net) {
                          spoke(net).peerings[0].allow_forwarded_traffic = true;
                          net.network_appliances = {{"fw", "vnet-hub", "snet-fw", ip("10.10.9.4"), true, true, {}}};
                          add_routes(net, runtime_subnet(net), "rt",
                                     {route("fw", "10.30.0.0/16", NextHopType::virtual_appliance, "10.10.9.4")});
                          add_routes(net, spoke(net).subnets[0], "rt-back",
                                     {route("fw", "10.10.1.0/24", NextHopType::virtual_appliance, "10.10.9.4")});
                          net.network_groups = {{"ng-hub", {"vnet-hub"}, {}}};
                          net.security_admin_configurations = {
                              {"sac", {{"rc", {"ng-hub"}, {admin_rule({"no", 1, in, deny})}, {}}}, {}}};
                        },
                        Predicted::denied,
                        {cause::security_admin_denies}}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(AdminRules, HopNamesConfigurationCollectionAndRule) {
  Topology net = contoso();
  manage(net, {{"no-postgres", 10, Direction::inbound, deny}});
  const Trace trace = flow(net, "runtime", "vm-orders");
  const Hop* hop = hop_with(trace, cause::security_admin_denies);
  ASSERT_NE(hop, nullptr) << text_of(trace);
  EXPECT_EQ(hop->by, "sac/rc/no-postgres");
  EXPECT_EQ(hop->kind, HopKind::nsg);
  EXPECT_EQ(hop->location, (Location{10, 11}));
}

TEST(EffectiveStates, ManyFlowsShareOneStateAndAgreeWithFreshOnes) {
  Topology net = contoso();
  add_routes(net, runtime_subnet(net), "rt", {route("none", "10.30.0.0/16", NextHopType::none)});
  const EffectiveStates states{net};
  states.compute_all();
  const SubnetState& first = states.of(hub(net), &runtime_subnet(net));
  EXPECT_EQ(&first, &states.of(hub(net), &runtime_subnet(net)));
  for (const char* to : {"target", "source", "vm-orders", "Internet", "vnet-spoke/snet-vm"}) {
    const Place from = place_of(net, "runtime").value();
    const Place end = place_of(net, to).value();
    EXPECT_EQ(text_of(trace_flow(states, from, end, 5432)), text_of(trace_flow(net, from, end, 5432)));
  }
}

}  // namespace
}  // namespace pgpassage::netcheck::test
