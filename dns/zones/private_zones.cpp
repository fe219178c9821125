#include <fmt/format.h>

#include <algorithm>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/step.hpp"

namespace pgpassage::dns {
namespace {

struct LinkedZone {
  const PrivateDnsZone* zone = nullptr;
  const VirtualNetworkLink* link = nullptr;
};

const VirtualNetworkLink* link_to(const PrivateDnsZone& zone, const VirtualNetwork& network) {
  for (const VirtualNetworkLink& link : zone.virtual_network_links)
    if (link.virtual_network == network.name) return &link;
  return nullptr;
}

LinkedZone most_specific(const Topology& topology, const VirtualNetwork& network, std::string_view name) {
  LinkedZone best;
  for (const PrivateDnsZone& zone : topology.private_dns_zones) {
    if (!under(name, zone.name) || (best.zone != nullptr && best.zone->name.size() >= zone.name.size())) continue;
    if (const VirtualNetworkLink* link = link_to(zone, network)) best = {&zone, link};
  }
  return best;
}

Step addresses(std::vector<IpAddress> found, const LinkedZone& at, std::string detail, Location location) {
  Step step;
  step.kind = found.empty() ? AnswerKind::no_address : AnswerKind::addresses;
  step.addresses = std::move(found);
  step.source = NameHopKind::zone;
  step.by = fmt::format("zone link {}", at.link->name);
  step.cause = step.addresses.empty() ? cause::address_not_given : "";
  step.detail = std::move(detail);
  step.location = location;
  return step;
}

// "c" for the name "c", and for everything below it.
bool holds(std::string_view record, std::string_view node) {
  return record == node ||
         (record.size() > node.size() && record.ends_with(node) && record[record.size() - node.size() - 1] == '.');
}

/// Does the zone list the name, or one below it? It then exists, and no wildcard above stands for it.
bool exists(const PrivateDnsZone& zone, std::string_view node) {
  const auto below = [&](const auto& entry) { return holds(canonical(entry.name), node); };
  return std::any_of(zone.a_records.begin(), zone.a_records.end(), below) ||
         std::any_of(zone.aaaa_records.begin(), zone.aaaa_records.end(), below) ||
         std::any_of(zone.cname_records.begin(), zone.cname_records.end(), below);
}

template <class Records>
auto find_record(const Records& records, std::string_view name) -> decltype(records.data()) {
  const auto found =
      std::find_if(records.begin(), records.end(), [&](const auto& entry) { return canonical(entry.name) == name; });
  return found == records.end() ? nullptr : &*found;
}

std::optional<Step> listed_record(const LinkedZone& at, std::string_view record) {
  if (const ARecord* a = find_record(at.zone->a_records, record))
    return addresses(a->ipv4_addresses, at, fmt::format("record {} of zone {}", a->name, at.zone->name), a->location);
  const CnameRecord* cname = find_record(at.zone->cname_records, record);
  if (cname == nullptr) return std::nullopt;
  Step step = addresses({}, at, fmt::format("record {} of zone {}", cname->name, at.zone->name), cname->location);
  step.cname = canonical(cname->cname);
  step.cause.clear();
  return step;
}

// An AAAA record stands beside the A record, whoever wrote that.
std::optional<Step> with_ipv6(std::optional<Step> step, const LinkedZone& at, std::string_view record) {
  const AaaaRecord* aaaa = find_record(at.zone->aaaa_records, record);
  if (aaaa == nullptr || aaaa->ipv6_addresses.empty() || (step && step->cname)) return step;
  if (!step)
    return addresses(aaaa->ipv6_addresses, at, fmt::format("AAAA record {} of zone {}", aaaa->name, at.zone->name),
                     aaaa->location);
  if (step->kind != AnswerKind::addresses && step->kind != AnswerKind::no_address) return step;
  step->kind = AnswerKind::addresses;
  step->cause.clear();
  step->addresses.insert(step->addresses.end(), aaaa->ipv6_addresses.begin(), aaaa->ipv6_addresses.end());
  return step;
}

// The wildcard of the closest name above that exists (RFC 4592).
std::optional<Step> wildcard_record(const LinkedZone& at, std::string_view record) {
  if (record == "@" || exists(*at.zone, record)) return std::nullopt;
  while (true) {
    const std::size_t dot = record.find('.');
    record = dot == record.npos ? std::string_view{} : record.substr(dot + 1);
    const std::string wildcard = record.empty() ? "*" : fmt::format("*.{}", record);
    if (auto step = with_ipv6(listed_record(at, wildcard), at, wildcard)) return step;
    if (record.empty() || exists(*at.zone, record)) return std::nullopt;
  }
}

std::string label_of(const Topology& topology, const PrivateEndpoint& endpoint) {
  const Server* server = find_server(topology, endpoint.private_link_service);
  if (server == nullptr || server->fqdn.empty()) return canonical(endpoint.private_link_service);
  return std::string{first_label(server->fqdn)};
}

// One zone should not serve two endpoints of one name: the last writer wins, and the file does not say who that was.
std::optional<Step> zone_group_record(const Topology& topology, const LinkedZone& at, std::string_view record) {
  const PrivateEndpoint* writer = nullptr;
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    const auto& group = endpoint.private_dns_zone_group;
    const bool writes = std::any_of(group.begin(), group.end(),
                                    [&](const std::string& zone) { return canonical(zone) == at.zone->name; });
    if (!writes || label_of(topology, endpoint) != record) continue;
    if (writer != nullptr && writer->private_ip_address != endpoint.private_ip_address) {
      Step step =
          addresses({}, at, fmt::format("{} and {} both write it: the last one wins", writer->name, endpoint.name),
                    endpoint.location);
      step.kind = AnswerKind::unknown;
      step.cause = cause::record_written_twice;
      return step;
    }
    writer = &endpoint;
  }
  if (writer == nullptr) return std::nullopt;
  return addresses({writer->private_ip_address}, at, fmt::format("written by {}'s zone group", writer->name),
                   writer->location);
}

std::optional<Step> integrated_server_record(const Topology& topology, const LinkedZone& at, std::string_view record) {
  for (const Server& server : topology.servers) {
    if (server.access != ServerAccess::vnet_integrated || canonical(server.private_dns_zone) != at.zone->name ||
        first_label(server.fqdn) != record)
      continue;
    if (server.ip_address)
      return addresses({*server.ip_address}, at, fmt::format("written by {} itself", server.name), server.location);
    Step step = addresses({}, at, fmt::format("the ipAddress of {} is not given", server.name), server.location);
    step.kind = AnswerKind::unknown;
    return step;
  }
  return std::nullopt;
}

bool registers(const LinkedZone& at, const std::string& network) {
  return std::any_of(at.zone->virtual_network_links.begin(), at.zone->virtual_network_links.end(),
                     [&](const auto& link) { return link.registration_enabled && link.virtual_network == network; });
}

std::optional<Step> registered_record(const Topology& topology, const LinkedZone& at, std::string_view record) {
  for (const Server& server : topology.servers) {
    if (server.kind != ServerKind::azure_vm || canonical(server.name) != record ||
        !registers(at, server.virtual_network))
      continue;
    if (server.ip_address) return addresses({*server.ip_address}, at, "registered by the VNet", server.location);
    Step step = addresses({}, at, fmt::format("the ipAddress of {} is not given", server.name), server.location);
    step.kind = AnswerKind::unknown;
    return step;
  }
  for (const Host& host : topology.hosts)
    if (canonical(host.name) == record && !host.virtual_network.empty() && registers(at, host.virtual_network))
      return addresses({host.ip_address}, at, "registered by the VNet", host.location);
  return std::nullopt;
}

Step missing(const LinkedZone& at, std::string_view name) {
  Step step;
  step.kind = AnswerKind::nx_domain;
  step.source = NameHopKind::zone;
  step.by = fmt::format("zone link {}", at.link->name);
  step.cause = cause::record_missing;
  step.detail = fmt::format("{} is linked, so it alone answers, and it has no record for {}", at.zone->name, name);
  step.location = at.zone->location;
  return step;
}

// The name exists, because one below it does, and has no address.
Step empty_name(const LinkedZone& at, std::string_view name) {
  Step step =
      addresses({}, at, fmt::format("{} has names below {} and none for it", at.zone->name, name), at.zone->location);
  step.cause = cause::record_missing;
  return step;
}

std::optional<Step> own_record(const Topology& topology, const LinkedZone& at, std::string_view record) {
  if (auto step = listed_record(at, record)) return step;
  if (auto step = zone_group_record(topology, at, record)) return step;
  if (auto step = integrated_server_record(topology, at, record)) return step;
  return registered_record(topology, at, record);
}

// Only privatelink zones know the policy.
bool falls_back(const LinkedZone& at) {
  const bool privatelink =
      at.zone->name.starts_with("privatelink.") || at.zone->name.find(".privatelink.") != at.zone->name.npos;
  return privatelink && at.link->resolution_policy == ResolutionPolicy::nx_domain_redirect;
}

}  // namespace

std::optional<Step> ask_private_zones(const Topology& topology, const VirtualNetwork& network, std::string_view name) {
  const LinkedZone at = most_specific(topology, network, name);
  if (at.zone == nullptr) return std::nullopt;
  const std::string record = relative_to(name, at.zone->name);
  if (auto step = with_ipv6(own_record(topology, at, record), at, record)) return step;
  if (auto step = wildcard_record(at, record)) return step;
  if (record == "@" || exists(*at.zone, record)) return empty_name(at, name);
  // The public resolver is asked at once: forwarding rules come before it only where no zone matches.
  return falls_back(at) ? ask_public(topology, name, &network) : missing(at, name);
}

}  // namespace pgpassage::dns
