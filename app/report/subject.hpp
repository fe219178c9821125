#pragma once

#include <string>
#include <vector>

#include "app/report/waived.hpp"
#include "netcheck/topology/topology.hpp"

namespace pgpassage::app {

/// What a report is about, beside what was found: facts of the file and of the command line.
struct Subject {
  std::string file;  ///< as the user wrote it
  std::string sha256;
  std::string topology;   ///< metadata.name
  std::string migration;  ///< its name, and its three servers; empty when the file has none
  std::string source;
  std::string target;
  std::string runtime_server;
  bool live = true;                ///< the network was asked too
  bool every_step = false;         ///< of each probe, also where all went well
  std::vector<std::string> notes;  ///< what `migrate` makes of the migration and check does not judge, a sentence each
  WaiversUsed waivers = {};
};

Subject subject_of(const Topology& topology, std::string file, std::string sha256, bool live);

}  // namespace pgpassage::app
