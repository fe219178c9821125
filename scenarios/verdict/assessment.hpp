#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dns/zones/answer.hpp"
#include "dns/zones/lookup.hpp"
#include "netcheck/base/error.hpp"
#include "netcheck/base/finding.hpp"
#include "netcheck/base/observation.hpp"
#include "netcheck/reach/trace.hpp"
#include "netcheck/topology/topology.hpp"

/// What `check` knows: the scenario, the required flows and names, every finding, and the verdict. Pure.
namespace pgpassage::scenarios {

enum class Verdict { ready, not_ready, unsupported, inconclusive };
/// Where the engine stands: the target's place, or the migration runtime server's.
enum class Path { direct, runtime_server };

struct Scenario {
  std::string id;  ///< "S11"; empty when no row of the edition names the combination
  std::string title;
  bool supported = false;
  std::optional<Path> path;
  Cite cite;
  std::vector<std::string> nearest;  ///< titles of the rows that come closest, when none matched
};

/// Where the network most likely departs from the file or the wish, and why.
struct Diagnosis {
  std::string layer;    ///< "dns", "routing", "path", "pathMtu", "listener", "tls", "access", "login" or "file"
  std::string cause;    ///< of the step that tells: see netcheck::ProbeStep
  std::string reason;   ///< one sentence without a period
  std::string command;  ///< that shows more, to be run at the place; empty when there is none

  bool operator==(const Diagnosis&) const = default;
};

/// A flow that the row requires, or that a host needs which stands for a role of the row (contract 6.12).
struct FlowAssessment {
  std::string id;          ///< "runtime->source", "target->source", "host->source"
  std::string from;        ///< name of a server or host
  std::string to;          ///< name of a server
  std::string stands_for;  ///< for a host's flow: the server in whose role it crosses
  Port port = 5432;
  dns::Answer answer;  ///< how `from` resolves the name of `to`
  netcheck::Trace trace;
  netcheck::Observation observation;   ///< not_probed until `judge_live`
  std::optional<Diagnosis> diagnosis;  ///< present when the network and the file differ, or a step failed or was poor
};

/// A name that a flow needs, asked from the flow's start.
struct NameAssessment {
  std::string name;
  std::string from;        ///< name of a server or host
  std::string stands_for;  ///< as in FlowAssessment
  dns::Answer predicted;
  std::optional<dns::Lookup> observed;
  std::vector<IpAddress> strays;  ///< of `observed`: the addresses that lead elsewhere than the scenario means
};

/// A place of the file at which this machine stands.
struct StandingPlace {
  std::string name;      ///< of a server or host
  std::string evidence;  ///< what says so: a sentence without a period
};

struct Summary {
  int passed = 0, failed = 0, warning = 0, unknown = 0, skipped = 0, waived = 0;
};

struct Assessment {
  std::string edition;
  bool edition_overridden = false;  ///< --edition differs from the file
  Verdict verdict = Verdict::inconclusive;
  Scenario scenario;
  std::vector<StandingPlace> places;  ///< where the live results were made; empty on paper
  std::vector<FlowAssessment> flows;
  std::vector<NameAssessment> names;
  std::vector<Finding> findings;
  Summary summary;
};

/// What the real network said, by the ids of the assessment.
struct LiveResults {
  struct Flow {
    std::string id;
    std::string from;  ///< name of a server or host: together with `id` it names the FlowAssessment
    netcheck::Observation observation;
  };
  struct Name {
    std::string name;
    std::string from;
    dns::Lookup lookup;
  };
  std::vector<StandingPlace> places;
  std::vector<Flow> flows;
  std::vector<Name> names;
};

/// Judges a topology with a migration on paper. Fails only when the edition does not exist or the topology has no
/// migration. Live checks are `skipped` in it.
Result<Assessment> assess(const Topology& topology, std::string_view edition);

/// The same with what the network said: observations, findings of their own where they contradict the paper, and
/// `unknown` for what matters and could not be asked. The verdict is made anew.
Assessment judge_live(const Topology& topology, Assessment assessment, const LiveResults& live);

const char* to_string(Verdict value);
const char* to_string(Path value);

}  // namespace pgpassage::scenarios
