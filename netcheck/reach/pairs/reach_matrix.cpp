#include "netcheck/reach/pairs/reach_matrix.hpp"

#include <algorithm>
#include <optional>
#include <thread>

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/reach/pairs/estate.hpp"
#include "netcheck/reach/states.hpp"

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

void finish_row(const Estate& estate, std::uint32_t from, Matrix& cells) {
  const auto low = cells.low(from), high = cells.high(from);
  for (std::size_t word = 0; word < low.size(); ++word) high[word] &= ~low[word];  // one that denies is enough
  if (estate.nodes.all[from].single) cells.set(from, from, Cell::self);
}

/// States are computed as they are asked for, by one thread alone: so each part of the nodes has its own.
void trace_special(const Estate& estate, const SpecialCells& special, std::uint32_t first, std::uint32_t last,
                   Matrix& cells) {
  std::optional<EffectiveStates> states;
  for (std::uint32_t from = first; from < last; ++from) {
    const Node& node = estate.nodes.all[from];
    for (const std::uint32_t to : special[from]) {
      if (from == to && node.single) continue;
      if (!states) states.emplace(estate.topology);
      const Place& end = estate.nodes.all[to].place;
      cells.set(from, to, cell_of(trace_flow(*states, node.place, end, estate.port, estate.protocol).predicted));
    }
  }
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
              [&](std::size_t from) { finish_row(estate, static_cast<std::uint32_t>(from), cells); });
  in_parallel(threads, threads, [&](std::size_t part) {
    const auto bound = [&](std::size_t i) {
      return static_cast<std::uint32_t>(std::size_t{cells.size()} * i / threads);
    };
    trace_special(estate, special, bound(part), bound(part + 1), cells);
  });
  return {std::move(estate.nodes), std::move(cells)};
}

}  // namespace pgpassage::netcheck
