// What every hop says of itself, whether it stops the flow or lets it pass.
#include <gmock/gmock.h>

#include "netcheck/reach/passes.hpp"
#include "tests/netcheck/reach/network.hpp"

namespace pgpassage::netcheck::test {
namespace {

using testing::ElementsAre;

std::vector<std::string> reasons(const Trace& trace) {
  std::vector<std::string> all;
  for (const Hop& hop : trace.hops) all.push_back(hop.cause);
  return all;
}

TEST(HopCause, SaysWhatLetsAFlowToASitePass) {
  EXPECT_THAT(reasons(flow(contoso(), "runtime", "source")),
              ElementsAre(pass::gateway_route, pass::connection_connected, pass::firewall_rule, pass::site_route,
                          pass::connection_connected, pass::system_route));
}

TEST(HopCause, SaysWhatLetsAFlowToAnEndpointPass) {
  EXPECT_THAT(reasons(flow(contoso(), "runtime", "target")),
              ElementsAre(pass::endpoint_route, pass::peering_connected, pass::endpoint_approved, pass::peering_route,
                          pass::peering_connected));
}

TEST(HopCause, TellsARuleFromADefaultRule) {
  Topology net = contoso();
  add_nsg(net, runtime_subnet(net), "nsg-runtime", {});
  EXPECT_EQ(flow(net, "runtime", "vm-orders").hops.front().cause, pass::default_rule);
  net.network_security_groups[0].rules = {rule({"pg", 100, Direction::outbound, Access::allow})};
  EXPECT_EQ(flow(net, "runtime", "vm-orders").hops.front().cause, pass::security_rule);
}

TEST(HopCause, TellsAUserRoute) {
  Topology net = contoso();
  add_routes(net, runtime_subnet(net), "rt", {route("own", "0.0.0.0/0", NextHopType::internet)});
  EXPECT_EQ(flow(net, "vnet-hub/snet-runtime", "Internet").hops.front().cause, pass::user_route);
}

TEST(HopLocation, OfASystemRouteIsItsNetwork) {
  const Trace trace = flow(contoso(), "vnet-hub/snet-runtime", "Internet");
  EXPECT_EQ(trace.hops.front().by, "system route 0.0.0.0/0");
  EXPECT_EQ(trace.hops.front().location.line, 5);
}

TEST(HopLocation, OfWhatNothingDecidesIsTheFile) {
  EXPECT_EQ(flow(contoso(), "Internet", "9.9.9.9").hops.front().location.line, 1);
}

}  // namespace
}  // namespace pgpassage::netcheck::test
