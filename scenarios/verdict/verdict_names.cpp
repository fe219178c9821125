#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::scenarios {

const char* to_string(Verdict value) {
  switch (value) {
    case Verdict::ready: return "ready";
    case Verdict::not_ready: return "notReady";
    case Verdict::unsupported: return "unsupported";
    case Verdict::inconclusive: return "inconclusive";
  }
  return "inconclusive";
}

const char* to_string(Path value) { return value == Path::direct ? "direct" : "runtimeServer"; }

}  // namespace pgpassage::scenarios
