#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "netcheck/base/azure_dns.hpp"
#include "scenarios/fix/az.hpp"
#include "scenarios/fix/change.hpp"

namespace pgpassage::scenarios::fix {
namespace json = boost::json;
namespace {

using editing::Edit;
using enum Edit::Action;

std::string link_command(std::string_view zone, std::string_view network) {
  return fmt::format(
      "az network private-dns link vnet create {} --zone-name {} --name {} --virtual-network {} "
      "--registration-enabled false",
      group, word(zone), word(name_from(fmt::format("link-{}", network))), word(network));
}

json::object link_json(std::string_view network) {
  return {{"name", name_from(fmt::format("link-{}", network))}, {"virtualNetwork", network}};
}

std::string attach_command(std::string_view endpoint, std::string_view zone) {
  return fmt::format(
      "az network private-endpoint dns-zone-group create {} --endpoint-name {} --name default --private-dns-zone {} "
      "--zone-name postgres",
      group, word(endpoint), word(zone));
}

const char* service_type(const Server& server) {
  return server.kind == ServerKind::single_server ? "Microsoft.DBforPostgreSQL/servers"
                                                  : "Microsoft.DBforPostgreSQL/flexibleServers";
}

}  // namespace

bool collide(const Change& one, const Change& other) {
  const auto sets = [](const Edit& edit) { return edit.action == set || edit.action == unset; };
  return std::ranges::any_of(one.edits, [&](const Edit& edit) {
    return std::ranges::any_of(other.edits, [&](const Edit& with) {
      return edit == with || (sets(edit) && sets(with) && edit.object == with.object && edit.key == with.key);
    });
  });
}

Change approve(const PrivateEndpoint& endpoint, const Server& server) {
  return {fmt::format("Approve the connection of {} on {}", endpoint.name, server.name),
          {fmt::format("az network private-endpoint-connection approve {} --resource-name {} --name {} --type {} "
                       "--description \"migration\"",
                       group, word(server.name), word(endpoint.name), service_type(server))},
          {{set, {"privateEndpoints", endpoint.name}, "connectionState", "", "Approved"}}};
}

Change add_endpoint(const Server& server, const std::string& network, const Subnet& subnet, const IpAddress& address,
                    const PrivateDnsZone* zone) {
  const std::string name = name_from("pe-" + server.name);
  json::object endpoint{{"name", name},
                        {"virtualNetwork", network},
                        {"subnet", subnet.name},
                        {"privateIPAddress", address.to_string()},
                        {"privateLinkService", server.name},
                        {"connectionState", "Approved"}};
  if (zone != nullptr) endpoint["privateDnsZoneGroup"] = json::array{json::string{zone->name}};
  Change change{fmt::format("Create a private endpoint for {} in {}/{}; {} stands for the address that it gets",
                            server.name, network, subnet.name, address.to_string()),
                {fmt::format("az network private-endpoint create {} --name {} --vnet-name {} --subnet {} "
                             "--private-connection-resource-id \"$SERVER_ID\" --group-id postgresqlServer "
                             "--connection-name {}",
                             group, word(name), word(network), word(subnet.name), word(server.name))},
                {{append, {}, "privateEndpoints", "", std::move(endpoint)}}};
  if (zone != nullptr) change.az_cli.push_back(attach_command(name, zone->name));
  return change;
}

Change link_zone(const PrivateDnsZone& zone, const std::string& network) {
  return {fmt::format("Link zone {} to {}", zone.name, network),
          {link_command(zone.name, network)},
          {{append, {"privateDnsZones", zone.name}, "virtualNetworkLinks", "", link_json(network)}}};
}

Change make_zone(const std::string& zone, const PrivateEndpoint& endpoint, const std::string& network) {
  Change change;
  change.text = fmt::format("Create zone {}, link it to {} and attach it to {}", zone, network, endpoint.name);
  json::array links{link_json(network)};
  change.az_cli = {fmt::format("az network private-dns zone create {} --name {}", group, word(zone)),
                   link_command(zone, network)};
  if (endpoint.virtual_network != network) {
    links.push_back(link_json(endpoint.virtual_network));
    change.az_cli.push_back(link_command(zone, endpoint.virtual_network));
  }
  change.az_cli.push_back(attach_command(endpoint.name, zone));
  change.edits = {
      {append, {}, "privateDnsZones", "", json::object{{"name", zone}, {"virtualNetworkLinks", std::move(links)}}},
      {append, {"privateEndpoints", endpoint.name}, "privateDnsZoneGroup", "", json::string{zone}}};
  return change;
}

Change attach_zone(const PrivateEndpoint& endpoint, const PrivateDnsZone& zone) {
  return {fmt::format("Attach zone {} to {}, which then keeps the record", zone.name, endpoint.name),
          {attach_command(endpoint.name, zone.name)},
          {{append, {"privateEndpoints", endpoint.name}, "privateDnsZoneGroup", "", json::string{zone.name}}}};
}

Change set_record(const PrivateDnsZone& zone, const std::string& record, const IpAddress& address) {
  const auto old = std::ranges::find(zone.a_records, record, &ARecord::name);
  const std::string target =
      fmt::format("{} --zone-name {} --record-set-name {}", group, word(zone.name), word(record));
  const std::string text = address.to_string();
  Change change{fmt::format("Let the record {} of zone {} say {}", record, zone.name, text), {}, {}};
  if (old == zone.a_records.end()) {
    change.edits = {{append,
                     {"privateDnsZones", zone.name},
                     "aRecords",
                     "",
                     json::object{{"name", record}, {"ipv4Addresses", json::array{json::string{text}}}}}};
  } else {
    for (const IpAddress& stale : old->ipv4_addresses)
      if (stale != address)
        change.az_cli.push_back(fmt::format(
            "az network private-dns record-set a remove-record {} --keep-empty-record-set --ipv4-address {}", target,
            stale.to_string()));
    change.edits = {{set,
                     {"privateDnsZones", zone.name, "aRecords", old->name},
                     "ipv4Addresses",
                     "",
                     json::array{json::string{text}}}};
  }
  change.az_cli.push_back(
      fmt::format("az network private-dns record-set a add-record {} --ipv4-address {}", target, text));
  return change;
}

Change add_server_record(const DnsServer& server, const std::string& name, const IpAddress& address) {
  const std::string text = address.to_string();
  const auto old = std::ranges::find(server.records, name, &ARecord::name);
  if (old != server.records.end())
    return {fmt::format("On {}, let the record {} say {}", server.name, name, text),
            {},
            {{set,
              {"dnsServers", server.name, "records", old->name},
              "ipv4Addresses",
              "",
              json::array{json::string{text}}}}};
  return {fmt::format("On {}, add a record {} with {}", server.name, name, text),
          {},
          {{append,
            {"dnsServers", server.name},
            "records",
            "",
            json::object{{"name", name}, {"ipv4Addresses", json::array{json::string{text}}}}}}};
}

Change forward_name(const DnsServer& server, const std::string& zone) {
  return {fmt::format("On {}, forward {} to 168.63.129.16", server.name, zone),
          {},
          {{append,
            {"dnsServers", server.name},
            "conditionalForwarders",
            "",
            json::object{{"zone", zone}, {"forwarders", json::array{azure_dns.to_string()}}}}}};
}

Change use_azure_dns(const VirtualNetwork& network) {
  return {fmt::format("Let {} use Azure-provided DNS instead of its own servers", network.name),
          {fmt::format("az network vnet update {} --name {} --dns-servers \"\"", group, word(network.name))},
          {{set, {"virtualNetworks", network.name}, "dnsServers", "", json::array{}}}};
}

Change set_custom_host(const Server& server, const std::string& host) {
  return {fmt::format("Give {} as the custom FQDN/IP of {} in the migration", host, server.name),
          {},
          {{set, {"servers", server.name}, "customHost", "", json::string{host}}}};
}

Change clear_custom_host(const Server& server) {
  return {fmt::format("Leave the custom FQDN/IP of {} out of the migration", server.name),
          {},
          {{unset, {"servers", server.name}, "customHost"}}};
}

Change name_runtime_server(const Migration& migration, const Server& server) {
  return {fmt::format("Use {} as the migration runtime server of {}", server.name, migration.name),
          {},
          {{set, {"migration"}, "runtimeServer", "", json::string{server.name}}}};
}

Change make_runtime_server(const Migration& migration, const Server& target, const VirtualNetwork& network,
                           const std::string& subnet, std::optional<Cidr> prefix,
                           const std::vector<std::string>& networks) {
  constexpr std::string_view service = "Microsoft.DBforPostgreSQL/flexibleServers";
  const std::string name = name_from(migration.name + "-runtime");
  const std::string zone = name + ".private.postgres.database.azure.com";
  const Tier tier = target.tier.value_or(Tier::general_purpose);
  Change change;
  change.text = fmt::format("Create {}, a VNet-integrated flexible server in {}/{}, as the migration runtime server",
                            name, network.name, subnet);
  json::array links;
  if (prefix) {
    change.az_cli.push_back(
        fmt::format("az network vnet subnet create {} --vnet-name {} --name {} --address-prefixes {} --delegations {}",
                    group, word(network.name), word(subnet), prefix->to_string(), service));
    change.edits.push_back(
        {append,
         {"virtualNetworks", network.name},
         "subnets",
         "",
         json::object{
             {"name", subnet}, {"addressPrefix", prefix->to_string()}, {"delegations", json::array{service}}}});
  }
  change.az_cli.push_back(
      fmt::format("az postgres flexible-server create {} --name {} --location {} --tier {} --vnet {} --subnet {} "
                  "--private-dns-zone {}",
                  group, word(name), target.azure_location.empty() ? "\"$LOCATION\"" : word(target.azure_location),
                  to_string(tier), word(network.name), word(subnet), word(zone)));
  for (const std::string& linked : networks) {
    links.push_back(link_json(linked));
    if (linked != network.name) change.az_cli.push_back(link_command(zone, linked));
  }
  change.edits.push_back(
      {append, {}, "privateDnsZones", "", json::object{{"name", zone}, {"virtualNetworkLinks", std::move(links)}}});
  json::object server{{"name", name},
                      {"kind", "flexibleServer"},
                      {"access", "vnetIntegrated"},
                      {"fqdn", name + ".postgres.database.azure.com"},
                      {"virtualNetwork", network.name},
                      {"subnet", subnet}};
  if (!target.azure_location.empty()) server["location"] = target.azure_location;
  server["tier"] = to_string(tier);
  server["privateDnsZone"] = zone;
  change.edits.push_back({append, {}, "servers", "", std::move(server)});
  change.edits.push_back({set, {"migration"}, "runtimeServer", "", json::string{name}});
  return change;
}

}  // namespace pgpassage::scenarios::fix
