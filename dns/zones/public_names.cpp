#include <fmt/format.h>

#include "dns/zones/causes.hpp"
#include "dns/zones/names.hpp"
#include "dns/zones/step.hpp"

namespace pgpassage::dns {
namespace {

Step step_of(AnswerKind kind, const char* cause, std::string detail, Location location = {}) {
  Step step;
  step.kind = kind;
  step.by = "public DNS";
  step.cause = cause;
  step.detail = std::move(detail);
  step.location = location;
  return step;
}

Step alias(std::string target, std::string detail) {
  Step step = step_of(AnswerKind::unknown, "", std::move(detail));
  step.cname = std::move(target);
  return step;
}

const Server* server_named(const Topology& topology, std::string_view name) {
  for (const Server& server : topology.servers)
    if (canonical(server.fqdn) == name) return &server;
  for (const Server& server : topology.servers)
    if (!server.custom_host.empty() && canonical(server.custom_host) == name) return &server;
  return nullptr;
}

bool azure_name(std::string_view name) { return under(name, azure_suffix) && name != azure_suffix; }

std::string privatelink_name(const Server& server) {
  return fmt::format("{}.{}", first_label(server.fqdn), privatelink_zone);
}

struct Reason {
  const char* cause;
  std::string text;
  Location location;
};

// Why no private zone answered for a privatelink name.
Reason reason_for_public_side(const Topology& topology, const Server& server, const VirtualNetwork* asking) {
  const PrivateDnsZone* zone = find_private_dns_zone(topology, privatelink_zone);
  if (asking == nullptr || zone == nullptr)
    return {cause::public_address_not_private, fmt::format("no zone {} is asked", privatelink_zone), server.location};
  for (const VirtualNetworkLink& link : zone->virtual_network_links)
    if (link.virtual_network == asking->name)
      return {cause::record_missing,
              fmt::format("{} has no record, and its link {} falls back to public DNS", zone->name, link.name),
              link.location};
  return {cause::zone_not_linked, fmt::format("{} is not linked to {}", zone->name, asking->name), zone->location};
}

// The public A record behind a privatelink name: what an asker gets whom no private zone answered.
Step public_side(const Topology& topology, const Server& server, const VirtualNetwork* asking) {
  const Reason reason = reason_for_public_side(topology, server, asking);
  Step step = step_of(
      AnswerKind::no_address, reason.cause,
      fmt::format("{}: the public address of {} is the answer, not its private endpoint", reason.text, server.name),
      reason.location);
  if (!server.public_ip_address) return step;
  step.kind = AnswerKind::addresses;
  step.addresses = {*server.public_ip_address};
  return step;
}

const Server* server_behind_privatelink(const Topology& topology, std::string_view name) {
  if (!under(name, privatelink_zone)) return nullptr;
  for (const Server& server : topology.servers)
    if (azure_name(canonical(server.fqdn)) && privatelink_name(server) == name) return &server;
  return nullptr;
}

std::string integrated_name(const Server& server) {
  return fmt::format("{}.{}", first_label(server.fqdn), canonical(server.private_dns_zone));
}

const Server* server_in_private_zone(const Topology& topology, std::string_view name) {
  for (const Server& server : topology.servers)
    if (server.access == ServerAccess::vnet_integrated && !server.private_dns_zone.empty() &&
        integrated_name(server) == name && canonical(server.fqdn) != name)
      return &server;
  return nullptr;
}

Step unlinked_integrated(const Server& server, const VirtualNetwork* asking) {
  return step_of(AnswerKind::no_address, cause::zone_not_linked,
                 fmt::format("the zone {} of {} is not linked to {}", server.private_dns_zone, server.name,
                             asking == nullptr ? "where it is asked from" : asking->name),
                 server.location);
}

// Contract 6.7: not a failure, and a given ipAddress is used and noted.
Step by_own_address(const Server& server, std::string_view name, const char* cause) {
  Step step = step_of(AnswerKind::unknown, cause,
                      fmt::format("{} is under no zone, forwarder or record of the file", name), server.location);
  if (!server.ip_address) return step;
  step.kind = AnswerKind::addresses;
  step.addresses = {*server.ip_address};
  step.by = fmt::format("ipAddress of {}", server.name);
  step.detail += "; the server's ipAddress is used";
  step.cause.clear();
  return step;
}

Step by_public_address(const Server& server) {
  Step step = step_of(AnswerKind::unknown, cause::public_address_not_given,
                      fmt::format("the publicIpAddress of {} is not given", server.name), server.location);
  if (!server.public_ip_address) return step;
  step.kind = AnswerKind::addresses;
  step.addresses = {*server.public_ip_address};
  step.cause.clear();
  step.detail = fmt::format("publicIpAddress of {}", server.name);
  return step;
}

Step described_server(const Server& server, std::string_view name) {
  if (server.access == ServerAccess::public_access) return by_public_address(server);
  return by_own_address(
      server, name, server.access == ServerAccess::vnet_integrated ? cause::zone_not_given : cause::name_not_described);
}

Step not_described(std::string_view name) {
  return step_of(AnswerKind::unknown, cause::name_not_described,
                 fmt::format("{} is under no zone, forwarder or record of the file", name));
}

bool has_alias(const Topology& topology, const Server& server, std::string_view name) {
  if (!azure_name(name) || canonical(server.fqdn) != name) return false;
  if (server.access == ServerAccess::vnet_integrated) return !server.private_dns_zone.empty();
  return server.access == ServerAccess::private_endpoint || find_private_endpoint_of(topology, server.name) != nullptr;
}

}  // namespace

Step ask_public(const Topology& topology, std::string_view name, const VirtualNetwork* asking) {
  if (const Server* server = server_behind_privatelink(topology, name)) return public_side(topology, *server, asking);
  if (const Server* server = server_in_private_zone(topology, name)) return unlinked_integrated(*server, asking);
  const Server* server = server_named(topology, name);
  if (server == nullptr) return not_described(name);
  if (!has_alias(topology, *server, name)) return described_server(*server, name);
  if (server->access != ServerAccess::vnet_integrated)
    return alias(privatelink_name(*server), fmt::format("{} has a private endpoint", server->name));
  if (integrated_name(*server) == name) return unlinked_integrated(*server, asking);
  return alias(integrated_name(*server), fmt::format("{} is VNet-integrated", server->name));
}

Step ask_undescribed(const Topology& topology, std::string_view name, const Site& site) {
  const Server* server = server_named(topology, name);
  Step step =
      server == nullptr || has_alias(topology, *server, name) ? not_described(name) : described_server(*server, name);
  if (step.kind != AnswerKind::unknown) return step;
  step.source = NameHopKind::resolver;
  step.by = fmt::format("the resolver of {}", site.name);
  step.cause = cause::resolver_not_described;
  step.detail = fmt::format("how {} resolves {} is not described (dnsServers)", site.name, name);
  step.location = site.location;
  return step;
}

}  // namespace pgpassage::dns
