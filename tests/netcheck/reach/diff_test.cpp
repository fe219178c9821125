#include "netcheck/reach/pairs/alike.hpp"
#include "netcheck/reach/pairs/reach_diff.hpp"
#include "tests/netcheck/reach/random_network.hpp"

namespace pgpassage::netcheck {
namespace {

using namespace test;

const ChangedFlows* change_between(const ReachDiff& diff, std::string_view from, std::string_view to) {
  for (const ChangedFlows& flows : diff.changes)
    if (std::find(flows.from.begin(), flows.from.end(), from) != flows.from.end() &&
        std::find(flows.to.begin(), flows.to.end(), to) != flows.to.end())
      return &flows;
  return nullptr;
}

TEST(ReachDiff, OfEqualTopologiesIsEmpty) {
  const ReachDiff diff = reach_diff(contoso(), contoso(), 5432);
  EXPECT_TRUE(diff.changes.empty());
  EXPECT_TRUE(diff.added.empty());
  EXPECT_TRUE(diff.removed.empty());
}

TEST(ReachDiff, NamesWhatDecidesBeforeAndAfter) {
  Topology closed = contoso();
  add_nsg(closed, spoke(closed).subnets[0], "nsg-vm",
          {rule({"deny-postgres", 100, Direction::inbound, Access::deny, "10.10.0.0/16"})});
  const ReachDiff diff = reach_diff(contoso(), closed, 5432);
  const ChangedFlows* flows = change_between(diff, "vnet-hub/snet-runtime", "vm-orders");
  ASSERT_NE(flows, nullptr);
  EXPECT_EQ(flows->change, FlowChange::closes);
  EXPECT_EQ(flows->witness.before.predicted, Predicted::allowed);
  EXPECT_EQ(flows->witness.after.predicted, Predicted::denied);
  EXPECT_EQ(flows->witness.after.hop.by, "nsg-vm/deny-postgres");
  EXPECT_FALSE(flows->witness.from_address.empty());
}

// Both files leave a part of the subnet out, and not the same part: as a whole it is unknown in both.
TEST(ReachDiff, FindsAChangeForOneAddressOfASubnet) {
  const auto with_one_denied = [](const char* address) {
    Topology topology = contoso();
    add_nsg(topology, spoke(topology).subnets[0], "nsg-vm",
            {rule({"deny-one", 100, Direction::inbound, Access::deny, address})});
    return topology;
  };
  const ReachDiff diff = reach_diff(with_one_denied("10.10.1.8/32"), with_one_denied("10.10.1.9/32"), 5432);
  const ChangedFlows* opened = change_between(diff, "vnet-hub/snet-runtime 10.10.1.8", "vm-orders");
  const ChangedFlows* closed = change_between(diff, "vnet-hub/snet-runtime 10.10.1.9", "vm-orders");
  ASSERT_NE(opened, nullptr);
  ASSERT_NE(closed, nullptr);
  EXPECT_EQ(opened->change, FlowChange::opens);
  EXPECT_EQ(closed->change, FlowChange::closes);
  EXPECT_EQ(change_between(diff, "vnet-hub/snet-runtime 10.10.1.4", "vm-orders"), nullptr);
}

TEST(ReachDiff, FindsAnAdminRuleForAnotherAddress) {
  const auto with_one_denied = [](const char* address) {
    Topology topology = contoso();
    AdminRule deny;
    deny.name = "deny-one";
    deny.priority = 1;
    deny.protocol = Protocol::tcp;
    deny.sources = prefixes({address});
    deny.destinations = prefixes({"*"});
    deny.source_ports = deny.destination_ports = {PortRange{}};
    topology.network_groups = {{"spokes", {"vnet-spoke"}, {}}};
    topology.security_admin_configurations = {{"admin", {{"rules", {"spokes"}, {deny}, {}}}, {}}};
    return topology;
  };
  const ReachDiff diff = reach_diff(with_one_denied("10.10.1.8/32"), with_one_denied("10.10.1.9/32"), 5432);
  const ChangedFlows* opened = change_between(diff, "vnet-hub/snet-runtime 10.10.1.8", "vm-orders");
  const ChangedFlows* closed = change_between(diff, "vnet-hub/snet-runtime 10.10.1.9", "vm-orders");
  ASSERT_NE(opened, nullptr);
  ASSERT_NE(closed, nullptr);
  EXPECT_EQ(opened->change, FlowChange::opens);
  EXPECT_EQ(closed->change, FlowChange::closes);

  Topology regrouped = with_one_denied("10.10.1.8/32");
  regrouped.network_groups[0].static_members = {"vnet-target"};
  EXPECT_EQ(changed_prefixes(with_one_denied("10.10.1.8/32"), regrouped), std::vector{cidr("10.10.1.8/32")});
}

TEST(ReachDiff, FindsANetworkAclEntryForAnotherAddress) {
  const auto with_one_denied = [](const char* address) {
    Topology topology = contoso();
    Site& site = topology.sites[0];
    site.kind = SiteKind::aws;
    NetworkAcl acl{"acl", true, {}, {}, {}};
    acl.entries = {{1, false, Protocol::any, Access::deny, cidr(address), {}, {}},
                   {2, false, Protocol::any, Access::allow, cidr("0.0.0.0/0"), {}, {}},
                   {3, true, Protocol::any, Access::allow, cidr("0.0.0.0/0"), {}, {}}};
    site.network_acls = {acl};
    return topology;
  };
  const ReachDiff diff = reach_diff(with_one_denied("10.10.1.8/32"), with_one_denied("10.10.1.9/32"), 5432);
  const ChangedFlows* opened = change_between(diff, "vnet-hub/snet-runtime 10.10.1.8", "orders-source");
  ASSERT_NE(opened, nullptr);
  EXPECT_EQ(opened->change, FlowChange::opens);

  Topology moved = with_one_denied("10.10.1.8/32");
  moved.sites[0].network_acls->front().entries[0].location = {700, 3};
  EXPECT_TRUE(changed_prefixes(with_one_denied("10.10.1.8/32"), moved).empty());
}

TEST(ReachDiff, DividesWhereLearnedRoutesAndAuthorizedNetworksChange) {
  Topology learned = contoso();
  learned.virtual_network_gateways[0].connections[0].learned_routes = {cidr("10.10.1.8/32")};
  EXPECT_EQ(changed_prefixes(contoso(), learned), std::vector{cidr("10.10.1.8/32")});
  EXPECT_TRUE(changed_prefixes(learned, learned).empty());

  Topology authorized = contoso();
  authorized.servers[0].authorized_networks = {{"office", cidr("10.10.1.9/32"), {}}};
  EXPECT_EQ(changed_prefixes(authorized, contoso()), std::vector{cidr("10.10.1.9/32")});
  EXPECT_TRUE(changed_prefixes(authorized, authorized).empty());
}

TEST(ReachDiff, ANodeThatOneFileLacksReachesNobodyThere) {
  Topology without = contoso();
  without.virtual_networks.pop_back();
  without.servers.pop_back();
  hub(without).peerings.pop_back();
  const ReachDiff diff = reach_diff(without, contoso(), 5432);
  EXPECT_EQ(diff.added, (std::vector<std::string>{"vnet-spoke/snet-vm", "vm-orders"}));
  const ChangedFlows* flows = change_between(diff, "vnet-hub/snet-runtime", "vnet-spoke/snet-vm");
  ASSERT_NE(flows, nullptr);
  EXPECT_EQ(flows->change, FlowChange::opens);
  EXPECT_FALSE(flows->witness.before.predicted.has_value());
}

/// Every pair of nodes of both files, by the walk alone.
TEST(ReachDiff, HoldsEveryPairThatTheTraceDecidesDifferently) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    const Topology before = RandomNetwork{seed}.make();
    Topology after = before;
    after.network_security_groups[0].rules.clear();
    after.virtual_networks[0].peerings.clear();
    const ReachDiff diff = reach_diff(before, after, 5432);
    const Nodes nodes = nodes_of(before, changed_prefixes(before, after));
    for (const Node& from : nodes.all)
      for (const Node& to : nodes.all) {
        if (from.name() == to.name()) continue;
        const Predicted old = trace_flow(before, from.place, to.place, 5432).predicted;
        const Predicted now = trace_flow(after, from.place, to.place, 5432).predicted;
        const ChangedFlows* flows = change_between(diff, from.name(), to.name());
        ASSERT_EQ(flows != nullptr, old != now) << "seed " << seed << ": " << from.name() << " -> " << to.name();
      }
  }
}

TEST(AlikeClasses, SpokesOfOneFormAreOneClass) {
  Topology topology = contoso();
  topology.virtual_networks.push_back(network("vnet-other", "10.31.0.0/16", {subnet("snet-vm", "10.31.1.0/24")}));
  topology.virtual_networks.back().peerings = {peering("other-to-hub", "vnet-hub")};
  hub(topology).peerings.push_back(peering("hub-to-other", "vnet-other"));
  topology.servers.pop_back();
  const ReachMatrix reach = reach_matrix(topology, 5432);
  const AlikeClasses classes = alike_classes_of(topology, reach);
  const auto class_of = [&](std::string_view name) {
    for (std::uint32_t i = 0; i < reach.nodes.size(); ++i)
      if (reach.nodes.all[i].name() == name) return classes.of_node[i];
    return 0xffffffffu;
  };
  EXPECT_EQ(class_of("vnet-spoke/snet-vm"), class_of("vnet-other/snet-vm"));
  EXPECT_NE(class_of("vnet-spoke/snet-vm"), class_of("vnet-hub/snet-runtime"));
}

// What a class says of another holds for each pair of their members.
TEST(AlikeClasses, SayTheCellsOfTheirMembers) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Topology topology = RandomNetwork{seed}.make();
    const ReachMatrix reach = reach_matrix(topology, 5432);
    const AlikeClasses classes = alike_classes_of(topology, reach);
    for (std::uint32_t from = 0; from < reach.nodes.size(); ++from) {
      const auto cells = cells_from(reach, classes, classes.of_node[from]);
      for (std::uint32_t to = 0; to < reach.nodes.size(); ++to) {
        const ClassCell& said = cells[classes.of_node[to]];
        const Cell cell = reach.cells.at(from, to);
        if (cell == Cell::self || said.mixed) continue;
        const Node &one = reach.nodes.all[from], &other = reach.nodes.all[to];
        const bool home = from == to || (one.network != nullptr && one.network == other.network);
        const auto& expected = home ? said.same_network : said.apart;
        if (expected) {
          ASSERT_EQ(*expected, cell) << "seed " << seed << ": " << one.name() << " -> " << other.name();
        }
      }
    }
  }
}

TEST(Matrix, ColumnsAreItsRowsTransposed) {
  Matrix matrix{130};
  for (std::uint32_t i = 0; i < 130; ++i)
    for (std::uint32_t k = 0; k < 130; ++k) matrix.set(i, k, static_cast<Cell>((i * 7 + k * 3) % 4));
  for (std::uint32_t first = 0; first < 130; first += 64) {
    Columns columns = columns_of(matrix, first);
    for (std::uint32_t column = first; column < first + columns.count; ++column)
      for (std::uint32_t row = 0; row < 130; ++row) {
        const bool low = has_bit(columns.low_of(column), row), high = has_bit(columns.high_of(column), row);
        ASSERT_EQ(static_cast<Cell>((low ? 1 : 0) + (high ? 2 : 0)), matrix.at(row, column));
      }
  }
}

}  // namespace
}  // namespace pgpassage::netcheck
