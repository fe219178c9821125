#pragma once

#include <string>

namespace pgpassage {

/// The JSON Schema (draft 2020-12) of the topology file, for editors: written from the tables that the reader obeys,
/// so it knows every key, type and spelling. It cannot say what objects are to each other; `read_topology` does.
std::string topology_json_schema();

}  // namespace pgpassage
