#pragma once

#include <cstdint>
#include <string>

#include "app/report/text_style.hpp"
#include "app/topology_file.hpp"
#include "netcheck/reach/pairs/reach_matrix.hpp"

/// Who reaches whom, for people and programs. Pure.
namespace pgpassage::app {

struct PairsReport {
  const TopologyFile& file;
  const Topology* topology = nullptr;
  const netcheck::ReachMatrix* reach = nullptr;
  Port port = 5432;
};

/// The answer first: how many flows pass; then the nodes as classes that behave alike, and whom each class reaches.
std::string render_pairs_text(const PairsReport& report, const TextStyle& style);

/// `{"schemaVersion", "tool", "topology", "protocol", "port", "summary", "matrix", "classes", "reach"}`. `reach` is
/// null above `most_classes_in_json` classes, where single cells are to be asked for.
std::string render_pairs_json(const PairsReport& report);
inline constexpr std::size_t most_classes_in_json = 2000;

/// The whole matrix: a heading of nodes, then one line for each node with its cells.
std::string render_pairs_csv(const PairsReport& report);

/// Whom one node reaches, or (not `outwards`) who reaches it.
std::string render_neighbours_text(const PairsReport& report, std::uint32_t node, bool outwards,
                                   const TextStyle& style);
std::string render_neighbours_json(const PairsReport& report, std::uint32_t node, bool outwards);

}  // namespace pgpassage::app
