#pragma once

#include <string_view>

#include "scenarios/fix/cures.hpp"
#include "scenarios/fix/model.hpp"
#include "scenarios/fix/opened.hpp"

/// The smallest set of changes that makes a topology ready. Pure.
namespace pgpassage::scenarios::fix {

enum class Outcome {
  nothing_to_do,  ///< the topology is ready
  fixed,          ///< with the changes it is ready
  inconclusive,   ///< nothing fails with the changes (there may be none), and facts are missing
  not_fixable,    ///< something fails that no change we know of cures; the changes cure the rest
  unsupported     ///< the edition has no supported row for the migration: no network makes it one
};

struct MadeChange {
  Change change;
  std::string rule;     ///< id of the rule whose failure asked for it
  std::string because;  ///< what stood in the way, in one sentence
};

struct Fix {
  Outcome outcome = Outcome::nothing_to_do;
  Model before;
  Model after;                                 ///< with the changes; equal to `before` without any
  std::vector<MadeChange> changes;             ///< none can be left out
  std::vector<editing::Operation> operations;  ///< that make the changes in the file
  Opened opened;
  /// Findings of `after` that keep it from being ready: failed ones, then unknown ones.
  std::vector<Finding> left;
};

/// Looks for the changes. `tree` is the file (editing::tree_of), which the reader takes. Every answer is proven: the
/// changes were applied, read and judged, and leaving any one out was judged too.
/// Sets of fewer changes come first; among equals, what opens fewer other flows. The search is bounded (a thousand
/// judged sets): behind that bound the set found is still proven, only not that none is smaller.
Result<Fix> fix_of(const boost::json::value& tree, std::string_view edition);

const char* to_string(Outcome value);

}  // namespace pgpassage::scenarios::fix
