#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/question.hpp"
#include "netcheck/base/address_list.hpp"
#include "netcheck/base/azure_dns.hpp"

namespace pgpassage::dns {
namespace {

using netcheck::Place;

constexpr int max_forwarders = 8;
// Of one name, whatever the way: servers that forward to each other in a mesh have more ways than anyone can wait for.
constexpr int max_questions = 200;

Step ask_address(Question question, const Place& from, const IpAddress& address, const std::string& asker);

// A client asks over UDP, and over TCP only when told to: what stops UDP stops the question. A site's filter is left
// out: files list of it what the migration needs, and DNS inside a company has its own ways.
std::optional<netcheck::Hop> obstacle(const Topology& topology, const Place& from, const Place& to) {
  using netcheck::Decision;
  using netcheck::HopKind;
  std::optional<netcheck::Hop> undecided;
  netcheck::Trace trace = netcheck::trace_flow(topology, from, to, 53, Protocol::udp);
  for (netcheck::Hop& hop : trace.hops) {
    if (hop.kind == HopKind::endpoint || hop.kind == HopKind::firewall) continue;
    if (hop.decision == Decision::deny) return std::move(hop);
    if (hop.decision == Decision::unknown && !undecided) undecided = std::move(hop);
  }
  return undecided;
}

Step record_step(const DnsServer& server, const ARecord& record) {
  Step step;
  step.source = NameHopKind::record;
  step.addresses = record.ipv4_addresses;
  step.addresses.insert(step.addresses.end(), record.ipv6_addresses.begin(), record.ipv6_addresses.end());
  step.kind = step.addresses.empty() ? AnswerKind::no_address : AnswerKind::addresses;
  step.by = fmt::format("record {} of {}", record.name, server.name);
  if (step.addresses.empty()) step.cause = cause::address_not_given;
  step.location = record.location;
  return step;
}

Step forwarded(const Question& question, const DnsServer& server, const std::vector<IpAddress>& forwarders,
               const std::string& by, Location location) {
  note(question, {.at = server.name,
                  .kind = NameHopKind::forwarder,
                  .decision = NameDecision::forward,
                  .by = by,
                  .location = location,
                  .detail = fmt::format("to {}", listed(forwarders))});
  const Place here = netcheck::place_of(server);
  return ask_first_reachable(question, here, forwarders, by);
}

Step ask_server(const Question& question, const DnsServer& server) {
  for (const ARecord& record : server.records)
    if (canonical(record.name) == question.name) return told(question, server.name, record_step(server, record));
  const ConditionalForwarder* best = nullptr;
  for (const ConditionalForwarder& forwarder : server.conditional_forwarders)
    if (under(question.name, canonical(forwarder.zone)) &&
        (best == nullptr || canonical(forwarder.zone).size() > canonical(best->zone).size()))
      best = &forwarder;
  if (best != nullptr && !best->forwarders.empty())
    return forwarded(question, server, best->forwarders,
                     fmt::format("{}'s conditional forwarder {}", server.name, best->zone), best->location);
  if (!server.forwarders.empty())
    return forwarded(question, server, server.forwarders, fmt::format("{}'s forwarder", server.name), server.location);
  return told(question, server.name, ask_public(question.topology, question.name, nullptr));
}

bool public_resolver(const IpAddress& address) {
  static constexpr std::array<std::uint32_t, 6> known{0x08080808, 0x08080404, 0x01010101,
                                                      0x01000001, 0x09090909, 0xd043dede};
  return std::find(known.begin(), known.end(), address.ipv4()) != known.end();
}

void note_way(Step& step, const std::string& asker, const std::string& asked) {
  step.detail += fmt::format("{}asked by {} at {}", step.detail.empty() ? "" : "; ", asker, asked);
}

Step ask_azure_from(const Question& question, const Place& from, const std::string& asker) {
  const VirtualNetwork* network = find_virtual_network(question.topology, from.virtual_network);
  if (network == nullptr)
    return told(question, from.node,
                trouble(AnswerKind::server_unreachable, NameHopKind::way, asker, cause::azure_dns_outside,
                        fmt::format("168.63.129.16 answers only inside a VNet, and {} is outside", from.node), {}));
  if (auto stopped = stopped_platform_dns(question, from)) return *std::move(stopped);
  Step step = ask_azure(question, *network);
  note_way(step, asker, fmt::format("168.63.129.16 in {}", network->name));
  return step;
}

Step not_reached(const Question& question, const Place& from, const Place& to, const netcheck::Hop& hop,
                 Location location) {
  const bool denied = hop.decision == netcheck::Decision::deny;
  Step step = trouble(denied ? AnswerKind::server_unreachable : AnswerKind::unknown, NameHopKind::way, to.node,
                      denied ? cause::dns_server_unreachable : cause::dns_server_undecided,
                      fmt::format("{} {} reach {}: {}", from.node, denied ? "cannot" : "may not", to.node, hop.detail),
                      location);
  // The trace names what stops it; the finding is about the server.
  note(question, {.at = hop.at,
                  .kind = NameHopKind::way,
                  .decision = denied ? NameDecision::deny : NameDecision::unknown,
                  .by = hop.by,
                  .location = hop.location,
                  .cause = hop.cause,
                  .detail = step.detail});
  return step;
}

/// `forward` asks the resolver itself, once it is known to be within reach.
template <class Forward>
Step ask_across(const Question& question, const Place& from, const Place& to, const std::string& asker,
                Location location, Forward forward) {
  if (const auto hop = obstacle(question.topology, from, to)) return not_reached(question, from, to, *hop, location);
  note(question, {.at = from.node,
                  .kind = NameHopKind::way,
                  .decision = NameDecision::forward,
                  .by = to.node,
                  .location = location,
                  .detail = fmt::format("port 53 of {} is reached (UDP)", to.address->to_string())});
  Step step = forward();
  note_way(step, asker, to.node);
  return step;
}

Step ask_address(Question question, const Place& from, const IpAddress& address, const std::string& asker) {
  if (++question.forwarders > max_forwarders || --*question.questions_left < 0)
    return told(question, from.node,
                trouble(AnswerKind::server_unreachable, NameHopKind::forwarder, asker, cause::forwarding_loop,
                        "the DNS servers forward to each other without end", {}));
  if (address == azure_dns) return ask_azure_from(question, from, asker);
  for (const DnsServer& server : question.topology.dns_servers) {
    if (server.ip_address != address) continue;
    const Place to = netcheck::place_of(server);
    return ask_across(question, from, to, asker, server.location, [&] { return ask_server(question, server); });
  }
  for (const DnsInboundEndpoint& endpoint : question.topology.dns_inbound_endpoints) {
    if (endpoint.ip_address != address) continue;
    const VirtualNetwork* network = find_virtual_network(question.topology, endpoint.virtual_network);
    if (network == nullptr) continue;
    const Place to = place_in(endpoint.virtual_network, endpoint.subnet, endpoint.name, address);
    return ask_across(question, from, to, asker, endpoint.location, [&] { return ask_azure(question, *network); });
  }
  if (public_resolver(address))
    return told(question, address.to_string(), ask_public(question.topology, question.name, nullptr));
  return told(question, from.node,
              trouble(AnswerKind::unknown, NameHopKind::resolver, asker, cause::dns_server_not_declared,
                      fmt::format("{} is no declared DNS server (dnsServers)", address.to_string()), {}));
}

void note_setting(const Question& question, const std::string& at, Location location, std::string by,
                  std::string detail) {
  note(question, {.at = at,
                  .kind = NameHopKind::setting,
                  .decision = NameDecision::forward,
                  .by = std::move(by),
                  .location = location,
                  .detail = std::move(detail)});
}

Step ask_from_internet(const Question& question) {
  return told(question, "Internet", ask_public(question.topology, question.name, nullptr));
}

Step ask_from_site(const Question& question, const Place& from) {
  const Site* site = find_site(question.topology, from.site);
  if (site == nullptr) return ask_from_internet(question);
  if (!site->dns_servers || site->dns_servers->empty())
    return told(question, site->name, ask_undescribed(question.topology, question.name, *site));
  note_setting(question, site->name, site->location, "dnsServers", fmt::format("asks {}", listed(*site->dns_servers)));
  return ask_first_reachable(question, from, *site->dns_servers, site->name);
}

Step ask_from_network(const Question& question, const Place& from) {
  const VirtualNetwork* network = find_virtual_network(question.topology, from.virtual_network);
  if (network == nullptr) return ask_from_internet(question);
  if (!network->dns_servers.empty()) {
    note_setting(question, network->name, network->location, "dnsServers",
                 fmt::format("asks {}", listed(network->dns_servers)));
    return ask_first_reachable(question, from, network->dns_servers, network->name);
  }
  note_setting(question, network->name, network->location, "Azure-provided DNS",
               "dnsServers is empty: asks 168.63.129.16");
  if (auto stopped = stopped_platform_dns(question, from)) return *std::move(stopped);
  return ask_azure(question, *network);
}

}  // namespace

Step ask_first_reachable(const Question& question, const Place& from, const std::vector<IpAddress>& addresses,
                         const std::string& asker) {
  Step step;
  for (const IpAddress& address : addresses) {
    step = ask_address(question, from, address, asker);
    if (step.kind != AnswerKind::server_unreachable) return step;
  }
  return step;
}

Place place_in(const std::string& network, const std::string& subnet, const std::string& name,
               const std::optional<IpAddress>& address) {
  Place place;
  place.kind = Place::Kind::in_virtual_network;
  place.node = name;
  place.virtual_network = network;
  place.subnet = subnet;
  place.address = address;
  return place;
}

Step ask(const Topology& topology, const Place& from, std::string_view name, std::vector<NameHop>* hops) {
  int questions_left = max_questions;
  const Question question{topology, name, 0, &questions_left, hops};
  switch (from.kind) {
    case Place::Kind::internet: return ask_from_internet(question);
    case Place::Kind::at_site: return ask_from_site(question, from);
    case Place::Kind::in_virtual_network: return ask_from_network(question, from);
  }
  return ask_from_internet(question);
}

}  // namespace pgpassage::dns
