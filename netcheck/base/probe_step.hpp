#pragma once

#include <chrono>
#include <string>
#include <vector>

/// What a live probe did one after the other: the rungs of a ladder from a name up to a session.
namespace pgpassage::netcheck {

/// Each needs the one before it. `throughput` and `path_mtu` are climbed only when asked for.
enum class StepKind { name, route, tcp, ssl_request, tls, startup, login, throughput, path_mtu };

enum class StepOutcome {
  passed,
  poor,   ///< passed, and so slowly or with so many losses that a migration will feel it
  failed  ///< the ladder ends here
};

struct ProbeStep {
  StepKind kind = StepKind::name;
  StepOutcome outcome = StepOutcome::failed;
  std::chrono::microseconds elapsed{0};  ///< of this step alone
  std::string evidence;                  ///< what was seen, or the other side's own words; may be empty
  std::string cause;                     ///< stable kebab-case id, "tls-refused"; empty when it passed

  bool operator==(const ProbeStep&) const = default;
};

using ProbeSteps = std::vector<ProbeStep>;

/// The step at which a probe failed, else the first poor one; null when all passed or none was made.
const ProbeStep* weak_step(const ProbeSteps& steps);

const char* to_string(StepKind value);     ///< "sslRequest", as in JSON
const char* to_string(StepOutcome value);  ///< "passed"

}  // namespace pgpassage::netcheck
