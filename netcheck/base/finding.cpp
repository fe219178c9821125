#include "netcheck/base/finding.hpp"

namespace pgpassage {

const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "info";
  }
  return "error";
}

const char* to_string(Status status) {
  switch (status) {
    case Status::passed: return "passed";
    case Status::failed: return "failed";
    case Status::warning: return "warning";
    case Status::unknown: return "unknown";
    case Status::skipped: return "skipped";
    case Status::waived: return "waived";
  }
  return "unknown";
}

}  // namespace pgpassage
