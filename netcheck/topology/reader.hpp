#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "netcheck/topology/topology.hpp"

namespace pgpassage {

/// One error of the topology file.
struct Diagnostic {
  Location location;
  std::string message;     ///< names the object and the offending text: "unknown key 'adressPrefix' in subnet 'snet-a'"
  std::string suggestion;  ///< the likely spelling, or the cure; empty when there is none

  bool operator==(const Diagnostic&) const = default;
};

enum class TopologyFormat { yaml, json };

/// JSON when the first character that is no white space is '{' or '['; YAML otherwise.
TopologyFormat format_of(std::string_view text);

/// Reads a topology. All errors of the text are reported in one run, in the order of the file; a text whose very
/// syntax is broken has its first syntax error only. Takes text, not a path: opening the file is the command's
/// business. Bounded: at most 64 MiB of text, 64 levels of nesting, and `max_nodes` values after aliases are expanded.
tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text);
tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text, TopologyFormat format);

}  // namespace pgpassage
