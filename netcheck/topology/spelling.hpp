#pragma once

#include <span>
#include <string_view>

#include "netcheck/topology/topology.hpp"

/// The contract's spelling of every enumerated value of the topology file: one table for the reader, for the
/// JSON Schema's test and for the reports.
namespace pgpassage {

template <class Enum>
struct Spelling {
  std::string_view text;
  Enum value;
};

/// Every spelling of `Enum`, the preferred one of a value first. Defined for each enumeration of topology.hpp.
template <class Enum>
std::span<const Spelling<Enum>> spellings();

}  // namespace pgpassage
