#pragma once

#include <string>
#include <vector>

#include "netcheck/base/location.hpp"

namespace pgpassage {

/// Where a rule is written down. All three empty: it is pgpassage's own reasoning.
struct Cite {
  std::string document;  ///< public title, "Network scenarios for the migration service in ..."
  std::string section;   ///< heading within the document
  std::string edition;   ///< edition id of the rules (contract 6.5), "2025-02"

  bool operator==(const Cite&) const = default;
};

enum class Severity { error, warning, info };

/// contract 5: a check's status. `unknown` is a result and never becomes `passed`.
enum class Status { passed, failed, warning, unknown, skipped, waived };

/// What a rule is, independent of what it found. Lives as long as the program (the compiled-in catalogue).
struct Rule {
  std::string id;    ///< stable: SCNnnn, NETnnn, DNSnnn, LIVnnn, SRVnnn, DBnnn
  std::string name;  ///< stable kebab-case: "nsg-blocks-flow"
  std::string title;
  Severity severity = Severity::error;  ///< when it fails
  std::string description;
  std::string documented;  ///< number in the documents' own list: "C13, S11-4"; empty when it is ours
  Cite cite;
};

struct Remedy {
  std::string text;
  std::string az_cli;  ///< one az command with real names; empty when none applies

  bool operator==(const Remedy&) const = default;
};

/// The result of one rule for one subject. Bad news is a value, and it always brings its evidence.
struct Finding {
  const Rule* rule = nullptr;  ///< never null in a finished finding
  Status status = Status::unknown;
  std::string subject;  ///< the object it speaks about: "nsg-runtime/deny-all-out"
  std::string message;  ///< one sentence for a person
  std::vector<std::string> evidence;
  Remedy remedy;
  Location location;
  Cite cite;  ///< of the edition in force; the rule's own where empty
};

const char* to_string(Severity severity);  ///< the contract's spelling
const char* to_string(Status status);      ///< the contract's spelling

}  // namespace pgpassage
