#include "app/report/topology_section.hpp"

#include <fmt/format.h>

#include "app/report/picture/picture.hpp"

namespace pgpassage::app {
namespace {

std::string line_of(Location location) { return location.known() ? std::to_string(location.line) : ""; }

std::string_view kind_of(Area::Kind kind) {
  switch (kind) {
    case Area::Kind::internet: return "Internet";
    case Area::Kind::site: return "site";
    case Area::Kind::network: return "virtual network";
  }
  return "";
}

/// One row per area, subnet and station: what the picture shows, in words.
Table places_table(const Scene& scene) {
  Table table{"Networks, and what stands in them", {"Network", "Kind", "Subnet", "What stands there", "Detail"}, {}};
  for (const Area& area : scene.areas) {
    const std::string kind{kind_of(area.kind)};
    table.rows.push_back({{area.name}, {kind}, {""}, {""}, {area.detail}});
    for (const Block& block : area.blocks) {
      if (!block.name.empty()) table.rows.push_back({{area.name}, {kind}, {block.name}, {""}, {block.detail}});
      for (const Station& station : block.stations)
        table.rows.push_back({{area.name}, {kind}, {block.name}, {station.name}, {station.detail}});
    }
  }
  return table;
}

Table peerings_table(const Topology& topology) {
  Table table{"Peerings", {"Peering", "From", "To", "State", "Line"}, {}};
  for (const VirtualNetwork& network : topology.virtual_networks)
    for (const Peering& peering : network.peerings) {
      const VirtualNetwork* remote = find_virtual_network(topology, peering.remote_virtual_network);
      const bool answered = remote != nullptr && find_peering(*remote, network.name) != nullptr;
      const bool works = answered && peering.state == PeeringState::connected;
      table.rows.push_back({{peering.name},
                            {network.name},
                            {peering.remote_virtual_network},
                            {fmt::format("{}{}", to_string(peering.state), answered ? "" : ", no peering back"),
                             works ? Tone::good : Tone::bad},
                            {line_of(peering.location)}});
    }
  return table;
}

Table connections_table(const Topology& topology) {
  Table table{"Gateway connections", {"Connection", "Gateway", "Site", "Status", "Line"}, {}};
  for (const VirtualNetworkGateway& gateway : topology.virtual_network_gateways)
    for (const GatewayConnection& connection : gateway.connections) {
      const bool works = connection.status == ConnectionStatus::connected;
      const bool unknown = connection.status == ConnectionStatus::unknown;
      table.rows.push_back({{connection.name},
                            {gateway.name},
                            {connection.site},
                            {to_string(connection.status), works     ? Tone::good
                                                           : unknown ? Tone::unsure
                                                                     : Tone::bad},
                            {line_of(connection.location)}});
    }
  return table;
}

Table stops_table(const Scene& scene, const scenarios::Assessment& assessment) {
  Table table{"What stops a flow or leaves it undecided: the numbers in the picture",
              {"Number", "Flow", "Decision", "Leg", "At", "By", "Line"},
              {}};
  for (const Stop& stop : scene.stops) {
    const bool denied = stop.hop->decision == netcheck::Decision::deny;
    table.rows.push_back({{std::to_string(stop.number)},
                          {assessment.flows[stop.flow].id},
                          {to_string(stop.hop->decision), denied ? Tone::bad : Tone::unsure},
                          {to_string(stop.hop->leg)},
                          {stop.hop->at},
                          {stop.hop->by},
                          {line_of(stop.hop->location)}});
  }
  return table;
}

}  // namespace

Section topology_section(const Topology& topology, const scenarios::Assessment& assessment) {
  const Scene scene = scene_of(topology, assessment);
  Section section{.id = "topology", .title = "Topology"};
  section.paragraphs.emplace_back(
      "In the picture, thick lines are the migration's flows: solid where the paper allows them, dashed where it "
      "denies "
      "them, dotted where it cannot decide. Numbers mark the hops that stop them. Thin lines are peerings, dashed ones "
      "gateway connections; dotted ones are not connected.");
  section.picture = render_svg(picture_of(scene), "Picture of the topology; the tables after it say the same in words");
  for (Table& table : std::vector<Table>{stops_table(scene, assessment), places_table(scene), peerings_table(topology),
                                         connections_table(topology)})
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

}  // namespace pgpassage::app
