#include "app/exit_code.hpp"

namespace pgpassage::app {

ExitCode exit_code(const Error& error) {
  switch (error.code) {
    case Errc::input:
    case Errc::not_found:
    case Errc::already_exists: return ExitCode::wrong_input;
    case Errc::canceled: return ExitCode::canceled;
    case Errc::internal: return ExitCode::internal;
    default: return ExitCode::failed;
  }
}

ExitCode exit_code(scenarios::Verdict verdict) {
  switch (verdict) {
    case scenarios::Verdict::ready: return ExitCode::success;
    case scenarios::Verdict::not_ready:
    case scenarios::Verdict::unsupported: return ExitCode::failed;
    case scenarios::Verdict::inconclusive: return ExitCode::inconclusive;
  }
  return ExitCode::internal;
}

ExitCode exit_code(netcheck::Predicted predicted) {
  switch (predicted) {
    case netcheck::Predicted::allowed: return ExitCode::success;
    case netcheck::Predicted::denied: return ExitCode::failed;
    case netcheck::Predicted::unknown: return ExitCode::inconclusive;
  }
  return ExitCode::internal;
}

}  // namespace pgpassage::app
