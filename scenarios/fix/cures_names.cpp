#include <algorithm>

#include "dns/zones/names.hpp"
#include "scenarios/fix/cures.hpp"
#include "scenarios/verdict/name_findings.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Place;
using Changes = std::vector<Change>;

/// What makes the zone of the server answer in a network: the link, then the record.
void add_zone_cures(Changes& changes, const Way& way, const Destination& destination, const std::string& network) {
  const PrivateDnsZone* zone = zone_for(way.topology(), destination);
  if (zone == nullptr) {
    if (destination.endpoint != nullptr)
      changes.push_back(make_zone(std::string{dns::privatelink_zone}, *destination.endpoint, network));
    return;
  }
  if (find_link(*zone, network) == nullptr) {
    changes.push_back(link_zone(*zone, network));
    return;
  }
  const std::string record = record_of(*destination.server, *zone);
  const bool listed = std::ranges::find(zone->a_records, record, &ARecord::name) != zone->a_records.end();
  if (destination.endpoint != nullptr && !listed &&
      std::ranges::find(destination.endpoint->private_dns_zone_group, zone->name) ==
          destination.endpoint->private_dns_zone_group.end())
    changes.push_back(attach_zone(*destination.endpoint, *zone));
  if (destination.due) changes.push_back(set_record(*zone, record, *destination.due));
}

const DnsServer* server_at(const Topology& topology, const IpAddress& address) {
  const auto found = std::ranges::find(topology.dns_servers, address, &DnsServer::ip_address);
  return found == topology.dns_servers.end() ? nullptr : &*found;
}

/// What opens the way to a DNS server: the first thing that stops a question over UDP.
void add_way_to(Changes& changes, const Way& way, const DnsServer& server) {
  constexpr Port domain = 53;
  const Way question{way.checked, way.from, netcheck::place_of(server), domain, Protocol::udp};
  const netcheck::Trace trace = netcheck::trace_flow(way.topology(), question.from, question.to, domain, Protocol::udp);
  for (const netcheck::Hop& hop : trace.hops)
    if (hop.decision == netcheck::Decision::deny) {
      for (Change& cure : cures_of(question, trace, hop)) {
        cure.asks = PortAsked{domain, Protocol::udp};
        changes.push_back(std::move(cure));
      }
      return;
    }
}

/// The server that a network asks has to know the name, or to ask Azure for it in a network that the zone answers.
void add_server_cures(Changes& changes, const Way& way, const Destination& destination, const DnsServer& server,
                      NameOutcome outcome) {
  if (outcome == NameOutcome::server_unreachable) add_way_to(changes, way, server);
  const std::string name = dns::name_of(*destination.server);
  const bool azures = dns::under(name, dns::azure_suffix);
  const auto forwards = [&](const ConditionalForwarder& forwarder) { return dns::under(name, forwarder.zone); };
  if (azures && !server.virtual_network.empty()) {
    if (std::ranges::none_of(server.conditional_forwarders, forwards))
      changes.push_back(forward_name(server, std::string{dns::azure_suffix}));
    add_zone_cures(changes, way, destination, server.virtual_network);
  }
  if (destination.due && !azures) changes.push_back(add_server_record(server, name, *destination.due));
}

}  // namespace

Changes cures_of_name(const Way& way, const Destination& destination, const dns::Answer& answer, NameOutcome outcome) {
  Changes changes;
  const VirtualNetwork* network = find_virtual_network(way.topology(), way.from.virtual_network);
  const bool custom = !destination.server->custom_host.empty();
  if (custom && IpAddress::parse(destination.server->custom_host)) {
    if (destination.due) changes.push_back(set_custom_host(*destination.server, destination.due->to_string()));
    return changes;
  }
  if (network != nullptr && network->dns_servers.empty()) {
    add_zone_cures(changes, way, destination, network->name);
  } else if (network != nullptr) {
    for (const IpAddress& address : network->dns_servers)
      if (const DnsServer* server = server_at(way.topology(), address))
        add_server_cures(changes, way, destination, *server, outcome);
    changes.push_back(use_azure_dns(*network));
  }
  if (destination.due && !answer.chain.empty())
    changes.push_back(set_custom_host(*destination.server, destination.due->to_string()));
  return changes;
}

}  // namespace pgpassage::scenarios::fix
