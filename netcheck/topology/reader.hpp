#pragma once

#include <cstddef>
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

/// Of one text. Who reads more of them has another problem than what they say, and every one costs time and memory.
inline constexpr std::size_t max_diagnostics = 10'000;

enum class TopologyFormat { yaml, json };

/// JSON when the first character that is no white space is '{' or '['; YAML otherwise.
TopologyFormat format_of(std::string_view text);

/// Reads a topology. All errors of the text are reported in one run, in the order of the file; a text whose very
/// syntax is broken has its first syntax error only, with the text that stands there. Takes text, not a path: opening
/// the file is the command's business.
/// Bounded, for texts of any origin: at most 64 MiB of YAML or 512 MiB of JSON, 64 levels of nesting and 8 million
/// values of YAML after aliases are expanded, else that is the only error. Reading stops at `max_diagnostics` errors
/// and one more diagnostic says so. Likely names are looked for until a million have been compared. The time grows with
/// the text, never with its square: a few seconds and 1 GiB of memory at worst. `migration_for` names the command that
/// needs a migration: a text without one has that error too. Empty: none needs it.
tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text,
                                                              std::string_view migration_for = {});
tl::expected<Topology, std::vector<Diagnostic>> read_topology(std::string_view text, TopologyFormat format,
                                                              std::string_view migration_for = {});

}  // namespace pgpassage
