#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "netcheck/topology/topology.hpp"

namespace pgpassage::reading {

/// How a text is read in pieces; what is read does not depend on it.
struct Pieceful {
  std::size_t piece_bytes = std::size_t{64} << 10;  ///< so that all of a piece stays in the cache of a processor
  unsigned threads = 0;                             ///< 0: as many as help with a text of this length
};

/// Reads a topology in JSON that has no error, in a few threads and without a tree of the whole text. Absent when there
/// is an error: read_topology() reads such a text once more with its tree, and has one order of errors that way.
std::optional<Topology> read_in_pieces(std::string_view text, std::string_view migration_for, Pieceful how = {});

}  // namespace pgpassage::reading
