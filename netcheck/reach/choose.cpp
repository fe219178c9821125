#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/routes.hpp"

namespace pgpassage::netcheck {
namespace {

bool same_way(const EffectiveRoute& one, const EffectiveRoute& other) {
  return one.next_hop == other.next_hop && one.appliance == other.appliance && one.remote == other.remote &&
         one.way.connection == other.way.connection;
}

bool holds_all(const EffectiveRoute& route, const AddressSpan& destination) {
  const Cidr* prefix = &route.prefix;
  return lies_in(destination, {prefix, 1}) == Match::yes;
}

bool holds_some(const EffectiveRoute& route, const AddressSpan& destination) {
  return lies_in(destination, {&route.prefix, 1}) == Match::unknown;
}

bool network_route(const EffectiveRoute& route) { return route.origin == RouteOrigin::system; }

using Routes = std::vector<const EffectiveRoute*>;

template <class Condition>
void drop(Routes& routes, Condition condition) {
  routes.erase(std::remove_if(routes.begin(), routes.end(), condition), routes.end());
}

// The exceptions to "longest prefix wins".
void apply_exceptions(Routes& routes) {
  const auto any = [&](auto condition) { return std::any_of(routes.begin(), routes.end(), condition); };
  const auto longest_user = [&] {
    int length = -1;
    for (const EffectiveRoute* route : routes)
      if (route->origin == RouteOrigin::user) length = std::max(length, route->prefix.length());
    return length;
  }();
  drop(routes, [&](const EffectiveRoute* r) { return r->yields_to_length && longest_user >= *r->yields_to_length; });
  if (any([](const EffectiveRoute* r) { return r->next_hop == NextHop::endpoint; }))
    drop(routes, [](const EffectiveRoute* r) { return r->next_hop != NextHop::endpoint; });
  if (any([](const EffectiveRoute* r) { return network_route(*r); }))
    drop(routes, [](const EffectiveRoute* r) { return r->origin == RouteOrigin::bgp; });
  if (any([](const EffectiveRoute* r) { return r->prefix.length() == 0 && r->origin >= RouteOrigin::bgp; }))
    drop(routes, [](const EffectiveRoute* r) { return r->origin == RouteOrigin::system_default; });
}

// Among equals the first wins: connected ways stand before others, prefixes before tags.
const EffectiveRoute* best_of(const Routes& routes) {
  const EffectiveRoute* best = nullptr;
  for (const EffectiveRoute* route : routes)
    if (best == nullptr || route->prefix.length() > best->prefix.length() ||
        (route->prefix.length() == best->prefix.length() && route->origin > best->origin))
      best = route;
  return best;
}

bool rivals(const EffectiveRoute& part, const EffectiveRoute& best, const AddressSpan& destination) {
  if (part.next_hop == NextHop::endpoint || same_way(part, best)) return false;
  if (part.origin == RouteOrigin::bgp && network_route(best)) return false;
  // A public address that the file does not give is outside every network that the file describes.
  return !(destination.any_public && part.origin <= RouteOrigin::system);
}

// A subnet or a site with several prefixes: each has its route, and they must lead the same way.
RouteChoice choose_for_all(const SubnetState& state, const AddressSpan& destination) {
  RouteChoice first = choose(state, {{destination.prefixes.front()}, false});
  for (const Cidr& prefix : destination.prefixes) {
    const RouteChoice other = choose(state, {{prefix}, false});
    if (first.route == nullptr || !first.missing.empty()) break;
    if (other.route == nullptr) return other;
    if (!other.missing.empty()) return other;
    if (same_way(*other.route, *first.route)) continue;
    first.missing = fmt::format("the exact address: {} is for a part of the addresses", other.route->by());
    first.location = other.route->location;
  }
  return first;
}

}  // namespace

RouteChoice choose(const SubnetState& state, const AddressSpan& destination) {
  if (destination.prefixes.size() > 1) return choose_for_all(state, destination);
  Routes candidates;
  for (const EffectiveRoute& route : state.routes)
    if (holds_all(route, destination)) candidates.push_back(&route);
  apply_exceptions(candidates);
  RouteChoice choice{best_of(candidates), {}, {}};
  if (choice.route == nullptr) return choice;
  for (const EffectiveRoute& route : state.routes) {
    if (!holds_some(route, destination) || !rivals(route, *choice.route, destination)) continue;
    choice.missing = fmt::format("the exact address: {} is for a part of the addresses", route.by());
    choice.location = route.location;
  }
  // A service tag never holds a private address.
  if (lies_in_public(destination) != Match::no && !single(choice.route->prefix) && !state.undecided.empty()) {
    const Route& route = *state.undecided.front();
    choice.missing = fmt::format("the addresses of the service tag {} (serviceTags:), to which {}/{} points",
                                 route.prefix.tag, state.table->name, route.name);
    choice.location = route.location;
  }
  return choice;
}

}  // namespace pgpassage::netcheck
