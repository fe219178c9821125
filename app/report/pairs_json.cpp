#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/pairs_report.hpp"
#include "app/version.hpp"
#include "netcheck/reach/pairs/alike.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using netcheck::Cell;

json::object heading(const PairsReport& report) {
  return {{"schemaVersion", 1},
          {"tool", json::object{{"name", "pgpassage"}, {"version", json_string(version)}}},
          {"topology", json::object{{"file", json_string(report.file.path)},
                                    {"sha256", json_string(report.file.sha256)},
                                    {"name", json_string(report.topology->name)}}},
          {"protocol", "tcp"},
          {"port", report.port}};
}

json::object matrix_json(const netcheck::ReachMatrix& reach) {
  return {{"nodes", reach.nodes.size()}, {"xxh3", json_string(netcheck::hash_of(reach.cells))}};
}

json::object summary_json(const netcheck::Counts& counts) {
  return {{"allowed", counts.allowed}, {"denied", counts.denied}, {"unknown", counts.unknown}};
}

json::array classes_json(const PairsReport& report, const netcheck::AlikeClasses& classes) {
  json::array array;
  for (std::size_t i = 0; i < classes.members.size(); ++i) {
    json::array names;
    for (const std::uint32_t node : classes.members[i])
      names.push_back(json_string(report.reach->nodes.all[node].name()));
    array.push_back(json::object{{"id", i + 1}, {"nodes", std::move(names)}});
  }
  return array;
}

/// What stands in both lists of a class: those of whom nothing is said are denied.
json::object reached_json(const std::vector<netcheck::ClassCell>& cells,
                          std::optional<Cell> netcheck::ClassCell::*where) {
  json::array allowed, unknown;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].mixed) continue;
    if (cells[i].*where == Cell::allowed) allowed.push_back(i + 1);
    if (cells[i].*where == Cell::unknown) unknown.push_back(i + 1);
  }
  return {{"allowed", std::move(allowed)}, {"unknown", std::move(unknown)}};
}

json::value reach_json(const PairsReport& report, const netcheck::AlikeClasses& classes) {
  if (classes.members.size() > most_classes_in_json) return nullptr;
  json::array array;
  for (std::uint32_t from = 0; from < classes.members.size(); ++from) {
    const auto cells = netcheck::cells_from(*report.reach, classes, from);
    json::array mixed;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].mixed) mixed.push_back(i + 1);
    array.push_back(json::object{{"from", from + 1},
                                 {"apart", reached_json(cells, &netcheck::ClassCell::apart)},
                                 {"sameVirtualNetwork", reached_json(cells, &netcheck::ClassCell::same_network)},
                                 {"mixed", std::move(mixed)}});
  }
  return array;
}

std::string quoted_csv(std::string_view text) {
  if (text.find_first_of("\",\r\n") == text.npos) return std::string{text};
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
  return quoted + '"';
}

}  // namespace

std::string render_pairs_json(const PairsReport& report) {
  const netcheck::AlikeClasses classes = netcheck::alike_classes_of(*report.topology, *report.reach);
  json::object document = heading(report);
  document["summary"] = summary_json(netcheck::counts_of(report.reach->cells));
  document["matrix"] = matrix_json(*report.reach);
  document["classes"] = classes_json(report, classes);
  document["reach"] = reach_json(report, classes);
  return json_text(document);
}

std::string render_pairs_csv(const PairsReport& report) {
  const netcheck::Nodes& nodes = report.reach->nodes;
  std::string text = "from";
  for (const netcheck::Node& node : nodes.all) text += "," + quoted_csv(node.name());
  for (std::uint32_t from = 0; from < nodes.size(); ++from) {
    text += "\n" + quoted_csv(nodes.all[from].name());
    for (std::uint32_t to = 0; to < nodes.size(); ++to)
      text += fmt::format(",{}", to_string(report.reach->cells.at(from, to)));
  }
  return text + "\n";
}

std::string render_neighbours_json(const PairsReport& report, std::uint32_t node, bool outwards) {
  const netcheck::ReachMatrix& reach = *report.reach;
  json::array allowed, denied, unknown;
  for (std::uint32_t other = 0; other < reach.nodes.size(); ++other) {
    const Cell cell = outwards ? reach.cells.at(node, other) : reach.cells.at(other, node);
    if (cell == Cell::self) continue;
    (cell == Cell::allowed  ? allowed
     : cell == Cell::denied ? denied
                            : unknown)
        .push_back(json_string(reach.nodes.all[other].name()));
  }
  json::object document = heading(report);
  document[outwards ? "from" : "to"] = json_string(reach.nodes.all[node].name());
  document["allowed"] = std::move(allowed);
  document["denied"] = std::move(denied);
  document["unknown"] = std::move(unknown);
  document["matrix"] = matrix_json(reach);
  return json_text(document);
}

}  // namespace pgpassage::app
