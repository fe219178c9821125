#include "scenarios/verdict/evidence.hpp"

#include <fmt/format.h>

namespace pgpassage::scenarios {

std::string describe(const netcheck::Hop& hop) {
  std::string text =
      fmt::format("{}, {}: {} {}", to_string(hop.leg), hop.at, to_string(hop.kind), to_string(hop.decision));
  if (!hop.by.empty()) text += " by " + hop.by;
  if (hop.location.known()) text += fmt::format(" (line {})", hop.location.line);
  if (!hop.detail.empty()) text += ", " + hop.detail;
  return text;
}

std::vector<std::string> describe(const netcheck::Trace& trace) {
  std::vector<std::string> lines;
  for (const netcheck::Hop& hop : trace.hops) lines.push_back(describe(hop));
  return lines;
}

std::string_view describe(netcheck::Observed observed) {
  using netcheck::Observed;
  switch (observed) {
    case Observed::connected: return "connected";
    case Observed::refused: return "refused";
    case Observed::timed_out: return "timed out";
    case Observed::unreachable: return "unreachable";
    case Observed::name_not_found: return "name not found";
    case Observed::wrong_address: return "wrong address";
    case Observed::tls_failed: return "TLS failed";
    case Observed::not_postgres: return "connected, but it is not PostgreSQL";
    case Observed::not_probed: return "not probed";
  }
  return "not probed";
}

std::string describe(std::chrono::milliseconds elapsed) {
  if (elapsed.count() < 1) return "less than 1 ms";
  if (elapsed.count() < 1000) return fmt::format("{} ms", elapsed.count());
  const auto tenths = (elapsed.count() + 50) / 100;
  return tenths % 10 == 0 ? fmt::format("{} s", tenths / 10) : fmt::format("{}.{} s", tenths / 10, tenths % 10);
}

std::string describe(const netcheck::ProbeStep& step) {
  const auto elapsed = std::chrono::round<std::chrono::milliseconds>(step.elapsed);
  return fmt::format("{} {} after {}{}{}", netcheck::to_string(step.kind), netcheck::to_string(step.outcome),
                     describe(elapsed), step.evidence.empty() ? "" : ": ", step.evidence);
}

std::string describe(const dns::Answer& answer) {
  std::string text = fmt::format("{}", fmt::join(answer.chain, " -> "));
  for (const IpAddress& address : answer.addresses) text += " -> " + address.to_string();
  if (answer.addresses.empty()) text += fmt::format(" -> {}", to_string(answer.kind));
  if (!answer.by.empty()) text += fmt::format(" ({})", answer.by);
  return text;
}

}  // namespace pgpassage::scenarios
