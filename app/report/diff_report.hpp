#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "app/topology_file.hpp"
#include "netcheck/reach/pairs/reach_diff.hpp"

/// Which flows a change of a file opens or closes, for people and programs. Pure.
namespace pgpassage::app {

struct DiffReport {
  const TopologyFile& before;
  const TopologyFile& after;
  const netcheck::ReachDiff& diff;
  Port port = 5432;

  /// Flows that neither file decides, of files that are not the same: what the change does to them is not known.
  bool leaves_open() const { return diff.unknown_in_both > 0 && before.topology != after.topology; }
};

std::string render_diff_text(const DiffReport& report, const TextStyle& style);

/// `{"schemaVersion", "tool", "old", "new", "protocol", "port", "summary", "changes", "addedNodes", "removedNodes"}`;
/// each change has `change`, `from`, `to` and one `witness` with the object that decides before and after.
std::string render_diff_json(const DiffReport& report);

}  // namespace pgpassage::app
