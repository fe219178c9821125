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
  step.by = fmt::format("zone link {}", at.link->name);
  step.cause = step.addresses.empty() ? cause::address_not_given : "";
  step.detail = std::move(detail);
  step.location = location;
  return step;
}

std::optional<Step> listed_record(const LinkedZone& at, std::string_view record) {
  const auto same = [&](const auto& entry) { return canonical(entry.name) == record; };
  const auto& as = at.zone->a_records;
  if (const auto a = std::find_if(as.begin(), as.end(), same); a != as.end())
    return addresses(a->ipv4_addresses, at, fmt::format("record {} of zone {}", a->name, at.zone->name), a->location);
  const auto& cnames = at.zone->cname_records;
  const auto cname = std::find_if(cnames.begin(), cnames.end(), same);
  if (cname == cnames.end()) return std::nullopt;
  Step step = addresses({}, at, fmt::format("record {} of zone {}", cname->name, at.zone->name), cname->location);
  step.cname = canonical(cname->cname);
  step.cause.clear();
  return step;
}

std::string label_of(const Topology& topology, const PrivateEndpoint& endpoint) {
  const Server* server = find_server(topology, endpoint.private_link_service);
  if (server == nullptr || server->fqdn.empty()) return canonical(endpoint.private_link_service);
  return std::string{first_label(server->fqdn)};
}

std::optional<Step> zone_group_record(const Topology& topology, const LinkedZone& at, std::string_view record) {
  for (const PrivateEndpoint& endpoint : topology.private_endpoints) {
    const auto& group = endpoint.private_dns_zone_group;
    const bool writes = std::any_of(group.begin(), group.end(),
                                    [&](const std::string& zone) { return canonical(zone) == at.zone->name; });
    if (writes && label_of(topology, endpoint) == record)
      return addresses({endpoint.private_ip_address}, at, fmt::format("written by {}'s zone group", endpoint.name),
                       endpoint.location);
  }
  return std::nullopt;
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
  for (const Server& server : topology.servers)
    if (server.kind == ServerKind::azure_vm && server.ip_address && canonical(server.name) == record &&
        registers(at, server.virtual_network))
      return addresses({*server.ip_address}, at, "registered by the VNet", server.location);
  for (const Host& host : topology.hosts)
    if (canonical(host.name) == record && !host.virtual_network.empty() && registers(at, host.virtual_network))
      return addresses({host.ip_address}, at, "registered by the VNet", host.location);
  return std::nullopt;
}

Step missing(const LinkedZone& at, std::string_view name) {
  Step step;
  step.kind = AnswerKind::nx_domain;
  step.by = fmt::format("zone link {}", at.link->name);
  step.cause = cause::record_missing;
  step.detail = fmt::format("{} is linked, so it alone answers, and it has no record for {}", at.zone->name, name);
  step.location = at.zone->location;
  return step;
}

}  // namespace

std::optional<Step> ask_private_zones(const Topology& topology, const VirtualNetwork& network, std::string_view name) {
  const LinkedZone at = most_specific(topology, network, name);
  if (at.zone == nullptr) return std::nullopt;
  const std::string record = relative_to(name, at.zone->name);
  if (auto step = listed_record(at, record)) return step;
  if (auto step = zone_group_record(topology, at, record)) return step;
  if (auto step = integrated_server_record(topology, at, record)) return step;
  if (auto step = registered_record(topology, at, record)) return step;
  if (auto step = listed_record(at, "*"); step && record != "@") return step;
  // Only privatelink zones know the policy.
  if (at.link->resolution_policy == ResolutionPolicy::nx_domain_redirect && at.zone->name.starts_with("privatelink."))
    return std::nullopt;
  return missing(at, name);
}

}  // namespace pgpassage::dns
