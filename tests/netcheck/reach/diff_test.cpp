#include <set>

#include "netcheck/reach/pairs/alike.hpp"
#include "netcheck/reach/pairs/reach_diff.hpp"
#include "netcheck/reach/states.hpp"
#include "netcheck/topology/occupancy.hpp"
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

TEST(ReachDiff, DividesByTheRulesOfAnApplicationSecurityGroupThatAMachineJoins) {
  Topology apart = contoso();
  apart.application_security_groups = {"asg-app"};
  add_nsg(apart, spoke(apart).subnets[0], "nsg-vm",
          {rule({"allow-one", 100, Direction::inbound, Access::allow, "10.10.1.8/32"}),
           rule({"deny-all", 200, Direction::inbound, Access::deny})});
  SecurityRule& allow = apart.network_security_groups[0].rules[0];
  allow.destination_prefixes.clear();
  allow.destination_groups = {"asg-app"};
  Topology joined = apart;
  joined.servers[3].application_security_groups = {"asg-app"};
  ASSERT_EQ(joined.servers[3].name, "vm-orders");
  const ReachDiff diff = reach_diff(apart, joined, 5432);
  const ChangedFlows* opened = change_between(diff, "vnet-hub/snet-runtime 10.10.1.8", "vm-orders");
  ASSERT_NE(opened, nullptr);
  EXPECT_EQ(opened->change, FlowChange::opens);
  EXPECT_EQ(change_between(diff, "vnet-hub/snet-runtime 10.10.1.4", "vm-orders"), nullptr);
}

TEST(ReachDiff, TellsWhatBecomesUnknownAndWhatIsKnownAgain) {
  Topology open = contoso();
  open.sites[0].firewall_rules.reset();
  const ReachDiff lost = reach_diff(contoso(), open, 5432), found = reach_diff(open, contoso(), 5432);
  const ChangedFlows* unknown = change_between(lost, "vnet-hub/snet-runtime", "orders-source");
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->change, FlowChange::becomes_unknown);
  EXPECT_EQ(unknown->witness.before.predicted, Predicted::allowed);
  EXPECT_EQ(unknown->witness.after.hop.cause, cause::firewall_not_described);
  const ChangedFlows* allowed = change_between(found, "vnet-hub/snet-runtime", "orders-source");
  ASSERT_NE(allowed, nullptr);
  EXPECT_EQ(allowed->change, FlowChange::becomes_allowed);
}

// The oracle: single addresses, some of every subnet and at every edge of a prefix that either file has anywhere. It
// divides nothing, so that it knows nothing of where the diff does.
std::vector<IpAddress> telling_addresses(const Topology& one, const Topology& other) {
  std::set<IpAddress> edges;
  const auto add = [&](const std::vector<AddressPrefix>& prefixes) {
    for (const AddressPrefix& prefix : prefixes)
      if (prefix.cidr) {
        edges.insert(prefix.cidr->first());
        edges.insert(prefix.cidr->last());
        if (const auto next = prefix.cidr->last().next()) edges.insert(*next);
      }
  };
  for (const Topology* topology : {&one, &other}) {
    for (const NetworkSecurityGroup& group : topology->network_security_groups)
      for (const SecurityRule& rule : group.rules) add(rule.source_prefixes), add(rule.destination_prefixes);
    for (const RouteTable& table : topology->route_tables)
      for (const Route& route : table.routes) add({route.prefix});
    for (const VirtualNetwork& network : topology->virtual_networks)
      for (const Subnet& subnet : network.subnets)
        for (const Cidr& prefix : subnet.prefixes) {
          IpAddress inside = prefix.first();
          for (int i = 0; i < 9; ++i) inside = inside.next().value();
          edges.insert(inside);
        }
  }
  return {edges.begin(), edges.end()};
}

struct Spot {
  std::string subnet;  ///< "vnet/subnet"
  Place place;
};

// Addresses of subnets which no machine has, as places in them.
std::vector<Spot> spots_of(const Topology& before, const Topology& after) {
  std::vector<Spot> spots;
  const auto taken = addresses_in_use(before);
  for (const IpAddress& address : telling_addresses(before, after))
    for (const VirtualNetwork& network : before.virtual_networks)
      for (const Subnet& subnet : network.subnets)
        for (const Cidr& prefix : subnet.prefixes) {
          std::optional<IpAddress> fourth = prefix.first();
          for (int i = 0; i < kept_at_the_start; ++i) fourth = fourth->next();
          if (!prefix.contains(address) || address < *fourth || address == prefix.last() || taken.contains(address))
            continue;
          Place place;
          place.kind = Place::Kind::in_virtual_network;
          place.node = address.to_string();
          place.virtual_network = network.name;
          place.subnet = subnet.name;
          place.address = address;
          spots.push_back({network.name + "/" + subnet.name, place});
        }
  return spots;
}

bool of_subnet(const std::string& node, const std::string& subnet) {
  return node == subnet || node.starts_with(subnet + " ");
}

bool told(const ReachDiff& diff, const Spot& from, const Spot& to, Predicted now) {
  return std::any_of(diff.changes.begin(), diff.changes.end(), [&](const ChangedFlows& flows) {
    const bool kind =
        now == Predicted::allowed ? flows.change == FlowChange::opens : flows.change == FlowChange::closes;
    const auto in = [&](const std::vector<std::string>& nodes, const std::string& subnet) {
      return std::any_of(nodes.begin(), nodes.end(), [&](const std::string& node) { return of_subnet(node, subnet); });
    };
    return kind && in(flows.from, from.subnet) && in(flows.to, to.subnet);
  });
}

TEST(ReachDiff, TellsEveryFlowBetweenAddressesThatOpensOrCloses) {
  int changed = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Topology before = RandomNetwork{seed}.make();
    if (seed % 4 != 0)  // else random rules deny nearly everything
      for (NetworkSecurityGroup& group : before.network_security_groups) group.rules.resize(group.rules.size() / 3);
    Topology after = before;
    const Topology other = RandomNetwork{seed + 1000}.make();
    for (std::size_t i = 0; i < 3; ++i) after.network_security_groups[i].rules = other.network_security_groups[i].rules;
    if (seed % 2 == 0) after.route_tables[0].routes = other.route_tables[0].routes;
    for (Server& server : after.servers)
      if (seed % 3 == 0) server.application_security_groups = {"asg-b"};
    const ReachDiff diff = reach_diff(before, after, 5432);
    const std::vector<Spot> spots = spots_of(before, after);
    const EffectiveStates old_states{before}, new_states{after};
    for (const Spot& from : spots)
      for (const Spot& to : spots) {
        if (from.place.address == to.place.address) continue;
        const Predicted old = trace_flow(old_states, from.place, to.place, 5432).predicted;
        const Predicted now = trace_flow(new_states, from.place, to.place, 5432).predicted;
        if (old == now || old == Predicted::unknown || now == Predicted::unknown) continue;
        ++changed;
        ASSERT_TRUE(told(diff, from, to, now))
            << "seed " << seed << ": " << from.place.node << " -> " << to.place.node << " becomes " << to_string(now);
      }
  }
  EXPECT_GT(changed, 100);
}

/// Every pair of nodes of both files, by the walk alone.
TEST(ReachDiff, HoldsEveryPairThatTheTraceDecidesDifferently) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    const Topology before = RandomNetwork{seed}.make();
    Topology after = before;
    after.network_security_groups[0].rules.clear();
    after.virtual_networks[0].peerings.clear();
    const ReachDiff diff = reach_diff(before, after, 5432);
    const Nodes nodes = nodes_of(EffectiveStates{before}, changed_prefixes(before, after));
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
