#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/finding.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/matrix/matrix.hpp"
#include "scenarios/rules/catalogue.hpp"
#include "scenarios/rules/rules.hpp"

/// What every rule looks at, and how a rule's outcome becomes a finding.
namespace pgpassage::scenarios {

/// One migration against one edition. Refers to the topology and the edition, which outlive it.
struct Case {
  const Topology& topology;
  const Edition& edition;
  const MatrixRow* row;  ///< null when no row fits
  Classification combination;
  const Server& source;
  const Server& target;
  const Server* runtime;  ///< null: none is named

  /// The documented role that opens the connections: the runtime server if one is named, else the target.
  const Server& crossing() const { return runtime ? *runtime : target; }
  bool asks_for(std::string_view number) const;  ///< the row lists this requirement
};

enum class Outcome {
  holds,
  broken,
  undecided,      ///< the file lacks the fact
  not_described,  ///< the file has no key for the fact: a reminder
  replaced        ///< another requirement stands in
};

/// contract 6.3: H that is broken is failed, D is a warning unless the edition calls it mandatory, advice is a warning.
Status status_of(const CatalogueRule& rule, Outcome outcome, std::string_view edition);

/// What a rule says about one subject.
struct Statement {
  std::string subject;
  std::string message;
  std::vector<std::string> evidence = {};
  Location location = {};
  Names names = {};        ///< for the remedy
  std::string cause = {};  ///< which remedy of the rule; empty: its own, or the one for a fact that the file lacks
  std::optional<Remedy> remedy = {};  ///< instead of the rule's, where the circumstances say more
};

using Findings = std::vector<Finding>;

/// Appends a finding if the rule holds in the edition and the row asks for it; a rule without a documented number
/// is always asked for. A remedy is given unless the rule holds.
void judge(Findings& findings, const Case& checked, std::string_view rule, Outcome outcome, Statement statement);

/// The same for what was met on the way of a required flow: it matters whether or not the row mentions it.
void judge_always(Findings& findings, const Case& checked, std::string_view rule, Outcome outcome, Statement statement);

}  // namespace pgpassage::scenarios
