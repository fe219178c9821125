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

std::string describe(const dns::Answer& answer) {
  std::string text = fmt::format("{}", fmt::join(answer.chain, " -> "));
  for (const IpAddress& address : answer.addresses) text += " -> " + address.to_string();
  if (answer.addresses.empty()) text += fmt::format(" -> {}", to_string(answer.kind));
  if (!answer.by.empty()) text += fmt::format(" ({})", answer.by);
  return text;
}

}  // namespace pgpassage::scenarios
