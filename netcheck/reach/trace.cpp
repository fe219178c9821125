#include "netcheck/reach/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/families.hpp"
#include "netcheck/reach/filters.hpp"
#include "netcheck/reach/locate.hpp"
#include "netcheck/reach/walk.hpp"

namespace pgpassage::netcheck {
namespace {

using Kind = Place::Kind;

Hop end_hop(const Topology& topology, const Place& place, HopKind kind, Decision decision, const char* cause,
            std::string detail) {
  const std::string& by = place.endpoint != nullptr ? place.endpoint->name : place.node;
  return {Leg::there, place.node, kind, decision, by, location_of(topology, place), cause, std::move(detail)};
}

bool lies_nowhere(const Place& place) {
  return place.kind == Kind::internet && place.server != nullptr &&
         place.server->access != ServerAccess::public_access && !(place.address && place.address->global());
}

bool lacks_endpoint(const Place& place) {
  // Asked for by its public address it needs none.
  return place.server != nullptr && place.server->access == ServerAccess::private_endpoint &&
         place.endpoint == nullptr && place.node == place.server->name;
}

/// What makes walking pointless. Returns whether it does.
bool cannot_be_walked(const Topology& topology, const Place& from, const Place& asked, const Place& to,
                      std::vector<Hop>& hops) {
  if (lacks_endpoint(asked) && find_private_endpoint_of(topology, asked.server->name) == nullptr)
    hops.push_back(end_hop(topology, asked, HopKind::endpoint, Decision::deny, cause::endpoint_missing,
                           fmt::format("no private endpoint of {} is in the file", asked.node)));
  if (from.endpoint != nullptr || lacks_endpoint(from))
    hops.push_back(end_hop(topology, from, HopKind::endpoint, Decision::deny, cause::endpoint_starts_nothing,
                           fmt::format("{} is reached by a private endpoint, which starts no connection", from.node)));
  else if (lies_nowhere(from))
    hops.push_back(end_hop(topology, from, HopKind::route, Decision::unknown, cause::place_not_described,
                           fmt::format("the file does not say in which network {} is", from.node)));
  if (lies_nowhere(to) && !lacks_endpoint(to))
    hops.push_back(end_hop(topology, to, HopKind::route, Decision::unknown, cause::place_not_described,
                           fmt::format("the file does not say in which network {} is", to.node)));
  if (asked.kind == Kind::in_virtual_network && asked.server != nullptr && !asked.address &&
      asked.server->access == ServerAccess::public_access)
    hops.push_back(end_hop(topology, asked, HopKind::route, Decision::unknown, cause::place_not_described,
                           fmt::format("the public address of {} is not given (publicIpAddress)", asked.node)));
  if (from.kind == Kind::internet && to.kind == Kind::internet && to.server == nullptr && hops.empty())
    hops.push_back(end_hop(topology, to, HopKind::route, Decision::unknown, cause::place_not_described,
                           "nothing of this file lies between two places of the Internet"));
  return !hops.empty();
}

// The address that was asked for is somewhere, but is it the server's?
void check_address(const Topology& topology, const Place& asked, const Place& to, std::vector<Hop>& hops) {
  if (asked.server == nullptr || !asked.address || to.endpoint != nullptr) return;
  const Server& server = *asked.server;
  if (asked.address == server.public_ip_address || asked.address == server.ipv6_address) return;
  const bool inside = to.kind != Kind::internet;
  const bool other =
      inside ? server.ip_address && server.ip_address != asked.address
             : server.access == ServerAccess::vnet_integrated || server.access == ServerAccess::private_access;
  const bool no_endpoint = inside && server.access == ServerAccess::private_endpoint;
  if (other || no_endpoint)
    hops.push_back(end_hop(
        topology, asked, HopKind::endpoint, Decision::unknown, cause::wrong_address,
        fmt::format("nothing in the file says that {} answers at {}", server.name, asked.address->to_string())));
}

// A site's filter stands at its border; inside, a rule that admits is good news, and nothing else is certain.
void filter_inside_site(Walk& walk, const Site& site, const NsgFlow& flow) {
  const std::size_t before = walk.hops.size();
  filter_at_site(walk, site, Direction::inbound, flow);
  Hop& hop = walk.hops[before];
  if (hop.decision == Decision::allow) return;
  hop.decision = Decision::unknown;
  hop.cause = cause::site_not_described;
  hop.detail = fmt::format("whether {} filters inside itself is not described", site.name);
}

const Site* site_of(const Flow& flow, const Place& place) {
  return place.kind == Kind::at_site ? find_site(flow.topology, place.site) : nullptr;
}

bool inside_one_site(const Flow& flow) {
  return flow.from.kind == Kind::at_site && flow.to.kind == Kind::at_site && flow.from.site == flow.to.site;
}

// Which subnets a default network ACL has is not in the file: two addresses of it may be in one subnet.
bool may_be_in_one_subnet(const Site& site, const AclQuestion& question) {
  std::vector<Cidr> associated;
  for (const NetworkAcl& acl : *site.network_acls)
    for (const Cidr& subnet : acl.associations) {
      associated.push_back(subnet);
      if (lies_in(question.local, {&subnet, 1}) != Match::no && lies_in(question.remote, {&subnet, 1}) != Match::no)
        return true;
    }
  return lies_in(question.local, associated) != Match::yes && lies_in(question.remote, associated) != Match::yes;
}

// A network ACL stands between two subnets of the site, and within one none does.
void filter_between_subnets(Walk& walk, const Site& site, const AclQuestion& question) {
  const std::size_t before = walk.hops.size();
  filter_at_network_acl(walk, site, question);
  if (walk.hops.size() == before || walk.hops[before].decision != Decision::deny) return;
  if (!may_be_in_one_subnet(site, question)) return;
  walk.hops[before].decision = Decision::unknown;
  walk.hops[before].cause = cause::network_acl_undecided;
  walk.hops[before].detail = "the two ends may be in one subnet, where no network ACL stands between them";
}

/// The network ACLs of both ends' sites on one leg. `source` is what the destination sees.
void filter_at_network_acls(Walk& walk, const AddressSpan& source) {
  const Flow& flow = walk.flow;
  const bool inside = inside_one_site(flow);
  const bool there = walk.leg == Leg::there;
  const PortRange ports = there ? PortRange{flow.port, flow.port} : client_ports;
  const auto ask = [&](const Site& site, const AclQuestion& question) {
    if (!inside) return filter_at_network_acl(walk, site, question);
    if (!in_one_aws_subnet(site, question.local, question.remote)) filter_between_subnets(walk, site, question);
  };
  const auto at_start = [&] {
    if (const Site* site = site_of(flow, flow.from))
      ask(*site, {there, flow.source, flow.destination, ports, flow.protocol});
  };
  const auto at_end = [&] {
    if (const Site* site = site_of(flow, flow.to)) ask(*site, {!there, flow.destination, source, ports, flow.protocol});
  };
  if (there) {
    at_start();
    at_end();
  } else {
    at_end();
    at_start();
  }
}

void leave(Walk& walk) {
  const Flow& flow = walk.flow;
  const NsgFlow seen{nsg_end(flow.topology, flow.from, flow.source), nsg_end(flow.topology, flow.to, flow.destination),
                     flow.port, false, flow.protocol};
  if (flow.from.kind == Kind::in_virtual_network) filter_outbound(walk, flow.from, seen);
  if (inside_one_site(flow)) return;
  if (const Site* site = site_of(flow, flow.from)) filter_at_site(walk, *site, Direction::outbound, seen);
}

bool has_public_lists(const Server& server) { return server.firewall_rules || server.public_network_access == false; }

void arrive(Walk& walk, const Passage& passage) {
  const Flow& flow = walk.flow;
  if (flow.to.kind == Kind::internet) return admit_at_public_server(walk, passage);
  if (flow.to.endpoint != nullptr) check_endpoint(walk, flow.to);
  NsgFlow seen{nsg_end(flow.topology, flow.from, passage.through_internet ? egress_of(flow, passage) : flow.source),
               nsg_end(flow.topology, flow.to, flow.inside), flow.port, flow.to.endpoint != nullptr, flow.protocol};
  if (flow.to.kind == Kind::in_virtual_network) {
    filter_inbound(walk, flow.to, seen);
    // A machine's security groups are its filter; a list that the file gives as well counts too.
    if (flow.to.server != nullptr && passage.through_internet && has_public_lists(*flow.to.server))
      admit_at_public_server(walk, passage);
    return;
  }
  const Site* site = site_of(flow, flow.to);
  if (site == nullptr)
    return walk.hops.push_back(end_hop(flow.topology, flow.to, HopKind::firewall, Decision::unknown,
                                       cause::place_not_described,
                                       fmt::format("the site of {} is not in the file", flow.to.node)));
  if (inside_one_site(flow))
    filter_inside_site(walk, *site, seen);
  else
    filter_at_site(walk, *site, Direction::inbound, seen);
  if (flow.to.server != nullptr) check_authorized_networks(walk, *flow.to.server, seen.source.address);
}

bool endpoint_answers_by_routes(const EffectiveStates& states, const Place& place) {
  const Subnet* subnet = states.subnet(place.virtual_network, place.subnet);
  using enum PrivateEndpointNetworkPolicies;
  return subnet != nullptr && (subnet->private_endpoint_network_policies == enabled ||
                               subnet->private_endpoint_network_policies == route_table_enabled);
}

// An appliance that translates public flows gets the answers; it must reach the start by itself.
void return_from_appliance(const Flow& flow, const Passage& there, std::vector<Hop>& hops) {
  const NetworkAppliance& appliance = *there.appliances.back();
  Place start;
  start.kind = Kind::in_virtual_network;
  start.node = appliance.name;
  start.virtual_network = appliance.virtual_network;
  start.subnet = appliance.subnet;
  start.address = appliance.ip_address;
  Walk back{flow, Leg::back, start, flow.from, flow.source, true, hops};
  back.passage.undecided = there.undecided;
  back.start_forwards = true;  // their source is the far side's public address
  walk_routes(back);
}

bool route_trouble(const std::vector<Hop>& hops) {
  return std::any_of(hops.begin(), hops.end(), [](const Hop& hop) {
    return stops(hop) && hop.kind != HopKind::nsg && hop.kind != HopKind::firewall && hop.kind != HopKind::endpoint;
  });
}

// A stateful appliance that sees one leg alone drops the other.
void check_symmetry(const Passage& there, const Passage& back, std::vector<Hop>& hops) {
  if (route_trouble(hops)) return;  // the legs are not whole
  const std::set<const NetworkAppliance*> out(there.appliances.begin(), there.appliances.end());
  const std::set<const NetworkAppliance*> in(back.appliances.begin(), back.appliances.end());
  const auto report = [&](const auto& passed, const auto& other, const char* leg) {
    for (const NetworkAppliance* appliance : passed)
      if (!other.contains(appliance))
        hops.push_back(
            {Leg::back, appliance->subnet, HopKind::appliance, Decision::unknown, appliance->name, appliance->location,
             cause::asymmetric_return,
             fmt::format("{} sees only the way {}; a stateful firewall drops such traffic", appliance->name, leg)});
  };
  report(out, in, "there");
  report(in, out, "back");
}

void walk_back(const Flow& flow, const Passage& there, std::vector<Hop>& hops) {
  const bool by_appliance = !there.appliances.empty();
  if (there.through_internet || asked_publicly(flow.to)) {
    if (flow.to.kind == Kind::in_virtual_network) {
      Place seen;  // what the far side answers to, wherever the flow really starts
      seen.node = flow.from.node;
      const Passage back = walk_routes({flow, Leg::back, flow.to, seen, egress_of(flow, there), false, hops});
      check_symmetry({}, back, hops);
    }
    if (by_appliance) {
      return_from_appliance(flow, there, hops);
    }
    return;
  }
  if (flow.to.kind == Kind::internet || flow.from.kind == Kind::internet) return;
  if (flow.to.endpoint != nullptr && by_appliance && !endpoint_answers_by_routes(flow.states, flow.to)) {
    hops.push_back({Leg::back, flow.to.subnet, HopKind::endpoint, Decision::unknown, flow.to.endpoint->name,
                    flow.to.endpoint->location, cause::endpoint_return_undecided,
                    fmt::format("its answers come back through {} only if that translates addresses (SNAT)",
                                there.appliances.back()->name)});
    return;
  }
  const Passage back = walk_routes({flow, Leg::back, flow.to, flow.from, flow.source, by_appliance, hops});
  check_symmetry(there, back, hops);
}

Predicted predicted_of(const std::vector<Hop>& hops) {
  const auto any = [&](Decision decision) {
    return std::any_of(hops.begin(), hops.end(), [&](const Hop& hop) { return hop.decision == decision; });
  };
  if (any(Decision::deny)) return Predicted::denied;
  return hops.empty() || any(Decision::unknown) ? Predicted::unknown : Predicted::allowed;
}

Trace concluded(Trace trace) {
  trace.predicted = predicted_of(trace.hops);
  return trace;
}

Trace walk_in(Flow flow, IpAddress::Family family, Trace trace) {
  flow.family = family;
  flow.source = only(std::move(flow.source), family);
  flow.destination = only(std::move(flow.destination), family);
  flow.inside = only(std::move(flow.inside), family);
  Walk there{flow, Leg::there, flow.from, flow.to, flow.destination, false, trace.hops};
  leave(there);
  const Passage passage = walk_routes(there);
  filter_at_network_acls(there, passage.through_internet ? egress_of(flow, passage) : flow.source);
  arrive(there, passage);
  Walk back{flow, Leg::back, flow.to, flow.from, flow.source, false, trace.hops};
  filter_at_network_acls(back, passage.through_internet ? egress_of(flow, passage) : flow.source);
  walk_back(flow, passage, trace.hops);
  return concluded(std::move(trace));
}

// Between dual-stack subnets each family is a flow of its own. When they end differently, it depends on the address,
// and of denied and unknown the unknown one is the answer in either order.
Trace of_either(Trace four, Trace six, Location ends) {
  if (four.predicted == six.predicted) return four;
  const bool six_passes = six.predicted == Predicted::allowed;
  if (!six_passes && four.predicted != Predicted::allowed) return four.predicted == Predicted::unknown ? four : six;
  Trace passing = six_passes ? std::move(six) : std::move(four);
  Hop hop;
  hop.at = "IPv4 and IPv6";
  hop.kind = HopKind::route;
  hop.decision = Decision::unknown;
  hop.by = six_passes ? "IPv4" : "IPv6";
  hop.location = ends;
  hop.cause = cause::route_undecided;
  hop.detail = fmt::format("the flow passes by {} and not by {}: the exact address decides",
                           six_passes ? "IPv6" : "IPv4", six_passes ? "IPv4" : "IPv6");
  passing.hops.push_back(std::move(hop));
  return concluded(std::move(passing));
}

}  // namespace

Flow flow_of(const EffectiveStates& states, const Place& from, const Place& to, Port port, Protocol protocol) {
  const Topology& topology = states.topology();
  const AddressSpan inside = span_of(states, to);
  Flow flow{topology, from, to, port, span_of(states, from), inside, protocol, states, inside};
  // A machine starts from its private address; its public one is only for those who ask for it.
  if (from.kind == Kind::in_virtual_network && from.server != nullptr && asked_publicly(from))
    flow.from.address = from.server->ip_address;
  if (to.address) flow.destination = span_of(*to.address);
  return flow;
}

NsgEnd nsg_end(const Topology& topology, const Place& place, AddressSpan address) {
  const bool known = place.server != nullptr || place.endpoint != nullptr || place.kind != Kind::in_virtual_network ||
                     find_host(topology, place.node) != nullptr;
  return {std::move(address), place.application_security_groups, known};
}

Trace trace_flow(const Topology& topology, const Place& from, const Place& to, Port port, Protocol protocol) {
  return trace_flow(EffectiveStates{topology}, from, to, port, protocol);
}

Trace trace_flow(const EffectiveStates& states, const Place& from, const Place& to, Port port, Protocol protocol) {
  const Topology& topology = states.topology();
  Trace trace;
  const Flow flow = flow_of(states, from, located(states, to), port, protocol);
  if (cannot_be_walked(topology, from, to, flow.to, trace.hops)) return concluded(std::move(trace));
  const std::vector<IpAddress::Family> families = shared_families(flow);
  if (families.empty()) {
    trace.hops.push_back(no_shared_family(flow));
    return concluded(std::move(trace));
  }
  check_address(topology, to, flow.to, trace.hops);
  trace = walk_in(flow, families.front(), std::move(trace));
  if (families.size() == 1) return trace;
  return of_either(std::move(trace), walk_in(flow, families.back(), {}), location_of(topology, flow.to));
}

}  // namespace pgpassage::netcheck
