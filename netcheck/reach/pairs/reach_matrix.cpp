#include "netcheck/reach/pairs/reach_matrix.hpp"

#include <algorithm>
#include <thread>

#include "netcheck/reach/pairs/estate.hpp"
#include "netcheck/reach/pairs/in_parallel.hpp"

namespace pgpassage::netcheck {
namespace {

Cell cell_of(Predicted predicted) {
  switch (predicted) {
    case Predicted::allowed: return Cell::allowed;
    case Predicted::denied: return Cell::denied;
    case Predicted::unknown: return Cell::unknown;
  }
  return Cell::unknown;
}

void finish_row(const Estate& estate, std::uint32_t from, const std::vector<std::uint32_t>& special, Matrix& cells) {
  const auto low = cells.low(from), high = cells.high(from);
  for (std::size_t word = 0; word < low.size(); ++word) high[word] &= ~low[word];  // one that denies is enough
  const Node& node = estate.nodes.all[from];
  for (const std::uint32_t to : special) {
    const Trace trace =
        trace_flow(estate.topology, node.place, estate.nodes.all[to].place, estate.port, estate.protocol);
    cells.set(from, to, cell_of(trace.predicted));
  }
  if (node.single) cells.set(from, from, Cell::self);
}

}  // namespace

ReachMatrix reach_matrix(const Topology& topology, Port port, Protocol protocol, unsigned threads,
                         const std::vector<Cidr>& splits) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Estate estate{topology, splits, port, protocol, threads};
  Matrix cells{estate.nodes.size()};
  const SpecialCells special = fill_leaving(estate, cells);
  fill_entering(estate, cells);
  in_parallel(cells.size(), threads,
              [&](std::size_t from) { finish_row(estate, static_cast<std::uint32_t>(from), special[from], cells); });
  return {std::move(estate.nodes), std::move(cells)};
}

}  // namespace pgpassage::netcheck
