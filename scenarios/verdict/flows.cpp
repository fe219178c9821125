#include "scenarios/verdict/flows.hpp"
#include "netcheck/reach/passes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pgpassage::scenarios {
namespace {

using netcheck::Decision;
using netcheck::Hop;
using netcheck::Place;
using netcheck::Predicted;

const char* cause_of(NameOutcome outcome) {
  switch (outcome) {
    case NameOutcome::leads_there: return netcheck::pass::name_resolves;
    case NameOutcome::public_address: return "name-has-public-address";
    case NameOutcome::other_address: return "name-has-other-address";
    case NameOutcome::not_found: return "name-not-found";
    case NameOutcome::server_unreachable: return "dns-server-unreachable";
    case NameOutcome::unknown: return "name-unknown";
  }
  return "";
}

Decision decision_of(NameOutcome outcome) {
  if (outcome == NameOutcome::leads_there) return Decision::forward;
  return outcome == NameOutcome::unknown ? Decision::unknown : Decision::deny;
}

std::string place_name(const Place& place) {
  if (place.kind == Place::Kind::in_virtual_network) return place.subnet;
  return place.kind == Place::Kind::at_site ? place.site : place.node;
}

std::string words(const dns::Answer& answer) {
  if (!answer.detail.empty()) return answer.detail;
  std::string text = fmt::format("{}", fmt::join(answer.chain, " -> "));
  for (const IpAddress& address : answer.addresses) text += " -> " + address.to_string();
  return text;
}

FlowAssessment flow_between(const Case& checked, std::string id, std::string stands_for, const Place& from,
                            const Server& to) {
  FlowAssessment flow;
  flow.id = std::move(id);
  flow.from = from.node;
  flow.to = to.name;
  flow.stands_for = std::move(stands_for);
  flow.port = to.port;
  flow.answer = dns::resolve(checked.topology, from, dns::name_of(to));
  Destination destination = destination_of(checked, to);
  const NameOutcome outcome = outcome_of(flow.answer, destination);
  // Behind a name that leads elsewhere the walk goes on to the right address, so that every blocker is listed.
  if (destination.due)
    destination.place.address = destination.due;
  else if (outcome == NameOutcome::leads_there)
    destination.place.address = flow.answer.addresses.front();
  netcheck::Trace trace = netcheck::trace_flow(checked.topology, from, destination.place, flow.port);
  flow.trace = with_name(std::move(trace), from, to, flow.answer, outcome);
  return flow;
}

}  // namespace

Destination destination_of(const Case& checked, const Server& server) {
  Destination result{.server = &server, .place = netcheck::place_of(checked.topology, server)};
  const bool is_source = &server == &checked.source;
  const ServerAccess access = is_source ? checked.combination.source_access : server.access;
  result.private_due = access != ServerAccess::public_access;
  if (access == ServerAccess::private_endpoint) {
    result.endpoint = find_private_endpoint_of(checked.topology, server.name);
    if (!result.endpoint) return result;
    result.due = result.endpoint->private_ip_address;
    // A Single Server that is declared public is reached by its endpoint all the same (azure-facts 1.2).
    result.place.kind = Place::Kind::in_virtual_network;
    result.place.virtual_network = result.endpoint->virtual_network;
    result.place.subnet = result.endpoint->subnet;
    result.place.endpoint = result.endpoint;
  } else {
    result.due = result.private_due ? server.ip_address : server.public_ip_address;
  }
  return result;
}

NameOutcome outcome_of(const dns::Answer& answer, const Destination& destination) {
  switch (answer.kind) {
    case dns::AnswerKind::unknown:
      // Whatever public DNS says then, it does not say the private address.
      return destination.private_due && answer.cause == "zone-not-linked" ? NameOutcome::not_found
                                                                          : NameOutcome::unknown;
    case dns::AnswerKind::server_unreachable: return NameOutcome::server_unreachable;
    case dns::AnswerKind::nx_domain:
    case dns::AnswerKind::no_address: return NameOutcome::not_found;
    case dns::AnswerKind::addresses: break;
  }
  if (answer.addresses.empty()) return NameOutcome::not_found;
  const bool global = answer.addresses.front().global();
  if (destination.due) {
    if (std::ranges::find(answer.addresses, *destination.due) != answer.addresses.end())
      return NameOutcome::leads_there;
    return global && destination.private_due ? NameOutcome::public_address : NameOutcome::other_address;
  }
  if (global == destination.private_due)
    return destination.private_due ? NameOutcome::public_address : NameOutcome::other_address;
  return NameOutcome::leads_there;
}

std::vector<IpAddress> strays(const std::vector<IpAddress>& addresses, const Destination& destination) {
  std::vector<IpAddress> found;
  const auto elsewhere = [&](const IpAddress& address) {
    if (!destination.due) return address.global() == destination.private_due;
    const IpAddress& due = *destination.due;
    return address != due && (address.family() == due.family() || address.global() != due.global());
  };
  std::ranges::copy_if(addresses, std::back_inserter(found), elsewhere);
  return found;
}

netcheck::Trace with_name(netcheck::Trace trace, const Place& from, const Server& asked, const dns::Answer& answer,
                          NameOutcome outcome) {
  const bool literal = answer.chain.empty() || IpAddress::parse(answer.chain.front());
  if (literal && outcome == NameOutcome::leads_there) return trace;
  Hop hop{.leg = netcheck::Leg::there,
          .at = place_name(from),
          .kind = netcheck::HopKind::name,
          .decision = decision_of(outcome),
          .by = answer.by,
          .location = answer.location.known() ? answer.location : asked.location,
          .cause = cause_of(outcome),
          .detail = words(answer)};
  if (stops(hop) && !answer.cause.empty()) hop.cause = answer.cause;
  if (hop.decision == Decision::deny) trace.predicted = Predicted::denied;
  if (hop.decision == Decision::unknown && trace.predicted == Predicted::allowed) trace.predicted = Predicted::unknown;
  trace.hops.insert(trace.hops.begin(), std::move(hop));
  return trace;
}

std::vector<FlowAssessment> required_flows(const Case& checked) {
  const Server& role = checked.crossing();
  const Place place = netcheck::place_of(checked.topology, role);
  std::vector<FlowAssessment> flows;
  if (checked.runtime) {
    flows.push_back(flow_between(checked, "runtime->source", "", place, checked.source));
    flows.push_back(flow_between(checked, "runtime->target", "", place, checked.target));
  } else {
    flows.push_back(flow_between(checked, "target->source", "", place, checked.source));
  }
  for (const Host& host : checked.topology.hosts) {
    if (host.stands_for != role.name) continue;
    const Place stand = netcheck::place_of(checked.topology, host);
    flows.push_back(flow_between(checked, "host->source", role.name, stand, checked.source));
    flows.push_back(flow_between(checked, "host->target", role.name, stand, checked.target));
  }
  return flows;
}

std::vector<NameAssessment> names_of(const std::vector<FlowAssessment>& flows) {
  std::vector<NameAssessment> names;
  for (const FlowAssessment& flow : flows) {
    if (flow.answer.chain.empty() || IpAddress::parse(flow.answer.chain.front())) continue;
    names.push_back({flow.answer.chain.front(), flow.from, flow.stands_for, flow.answer, std::nullopt, {}});
  }
  return names;
}

Place start_of(const Topology& topology, const FlowAssessment& flow) {
  if (!flow.stands_for.empty())
    if (const Host* host = find_host(topology, flow.from)) return netcheck::place_of(topology, *host);
  return netcheck::place_of(topology, *find_server(topology, flow.from));
}

}  // namespace pgpassage::scenarios
