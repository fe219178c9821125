#include <fmt/format.h>

#include <array>
#include <set>

#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

constexpr std::string_view api_version = "pgpassage/v1";
constexpr std::array<std::string_view, 6> editions = {"2023-S2F", "2024-01", "2024-03",
                                                      "2024-06",  "2025-02", "2025-07"};

void read_api_version(Reading& reading, const Node& node, void*) {
  if (node.scalar() && node.text() == api_version) return;
  reading.complain(node, fmt::format("apiVersion must be {}, found {}", api_version, described(node)),
                   std::string{api_version});
}

struct Edition {
  static void read(Reading& reading, const Node& node, std::string& value) {
    if (node.scalar() && std::find(editions.begin(), editions.end(), node.text()) != editions.end()) {
      value = node.text();
    } else {
      not_spelled(reading, node, {editions.begin(), editions.end()});
    }
  }
  static std::string schema(Schema&) {
    std::string ids;
    for (const std::string_view id : editions) ids += (ids.empty() ? "" : ", ") + json_string(id);
    return fmt::format(R"({{"enum": [{}]}})", ids);
  }
};

constexpr Field metadata_fields[] = {
    field_as<&Topology::name, PlainName>("name", required, "Letters, digits and hyphens"),
    field_as<&Topology::description, Text>("description", optional, "For people"),
    field_as<&Topology::edition, Edition>("edition", optional, "Edition of the documented rules; 2025-02 when absent"),
};

const ObjectKind& metadata_kind() {
  static constexpr ObjectKind kind{"metadata", "What the file is", metadata_fields};
  return kind;
}

/// A mapping whose keys are the tags.
struct ServiceTags {
  static void read(Reading& reading, const Node& node, std::vector<ServiceTag>& tags) {
    if (node.kind != Kind::mapping)
      return reading.complain(node,
                              fmt::format("expected service tags with their prefixes, found {}", described(node)));
    std::set<std::string> names;
    for (const Node* key = node.begin(); key != node.end() && !reading.full(); key = key->after()->after()) {
      ServiceTag tag;
      tag.location = reading.location_of(*key);
      if (!Name::read(reading, *key, tag.name)) continue;
      if (!names.insert(lower(tag.name)).second) {
        reading.complain(*key, fmt::format("duplicate key {} in serviceTags", quoted(tag.name)));
        continue;
      }
      if (key->after()->kind != Kind::null) List<Prefix>::read(reading, *key->after(), tag.prefixes);
      tags.push_back(std::move(tag));
    }
  }
  static std::string schema(Schema& schema) {
    return fmt::format(R"({{"type": "object", "additionalProperties": {}}})", list_schema(Prefix::schema(schema)));
  }
};

constexpr Field topology_fields[] = {
    {"apiVersion", required, "The version of this format", read_api_version,
     [](Schema&) { return fmt::format(R"({{"const": {}}})", json_string(api_version)); }},
    {"metadata", required, "What the file is",
     [](Reading& reading, const Node& node, void* topology) { read_fields(reading, node, metadata_kind(), topology); },
     [](Schema& schema) { return schema.reference(metadata_kind()); }},
    field<&Topology::application_security_groups>("applicationSecurityGroups", optional, "Names of groups"),
    field_as<&Topology::service_tags, ServiceTags>("serviceTags", optional, "Addresses of tags to be decided"),
    field<&Topology::virtual_networks>("virtualNetworks", optional, "Azure's networks"),
    field<&Topology::network_security_groups>("networkSecurityGroups", optional, "Filters of subnets and interfaces"),
    field<&Topology::network_groups>("networkGroups", optional, "Of Virtual Network Manager"),
    field<&Topology::security_admin_configurations>("securityAdminConfigurations", optional,
                                                    "Of Virtual Network Manager; tried before security groups"),
    field<&Topology::route_tables>("routeTables", optional, "User-defined routes"),
    field<&Topology::network_appliances>("networkAppliances", optional, "Firewalls and routers that routes point at"),
    field<&Topology::virtual_network_gateways>("virtualNetworkGateways", optional, "Ways to the sites"),
    field<&Topology::sites>("sites", optional, "Networks outside Azure"),
    field<&Topology::dns_servers>("dnsServers", optional, "DNS servers of your own"),
    field<&Topology::private_dns_zones>("privateDnsZones", optional, "Azure's private DNS zones"),
    field<&Topology::dns_forwarding_rulesets>("dnsForwardingRulesets", optional, "Of Azure DNS Private Resolver"),
    field<&Topology::dns_inbound_endpoints>("dnsInboundEndpoints", optional, "Of Azure DNS Private Resolver"),
    field<&Topology::dns_outbound_endpoints>("dnsOutboundEndpoints", optional, "Of Azure DNS Private Resolver"),
    field<&Topology::private_endpoints>("privateEndpoints", optional, "Addresses of servers in virtual networks"),
    field<&Topology::servers>("servers", optional, "Sources, targets and the migration runtime server"),
    field<&Topology::hosts>("hosts", optional, "Machines of yours on which pgpassage can run"),
    field<&Topology::migration>("migration", optional, "What is to be moved, from where to where"),
};

}  // namespace

template <>
const ObjectKind& kind_of<Topology>() {
  static constexpr ObjectKind kind{"topology", "A pgpassage topology: networks, names, servers and the migration",
                                   topology_fields};
  return kind;
}

}  // namespace pgpassage::reading
