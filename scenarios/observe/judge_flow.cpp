#include "scenarios/observe/judge_flow.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "netcheck/base/address_list.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Observation;
using netcheck::Observed;

Observation without_address(const dns::Lookup& lookup) {
  std::string detail = fmt::format("{}: {}", fmt::join(lookup.chain, " -> "), to_string(lookup.status));
  if (!lookup.server.empty()) detail += " from " + lookup.server;
  if (!lookup.detail.empty()) detail += fmt::format(" ({})", lookup.detail);
  return {.observed = Observed::name_not_found, .elapsed = lookup.elapsed, .detail = detail};
}

/// Which of several addresses the connection went to, and how those ended that were quicker to fail.
std::string choice_among(const std::vector<Observation>& probes, const Observation& chosen) {
  std::string text = fmt::format("{}, one of {} addresses", chosen.address->to_string(), probes.size());
  for (const Observation& other : probes)
    if (other.address != chosen.address && other.observed != Observed::not_probed)
      text += fmt::format("; {} {}", other.address->to_string(), describe(other.observed));
  return text;
}

Observation chosen_among(const std::vector<Observation>& probes, Observation chosen) {
  const auto tcp = std::ranges::find(chosen.steps, netcheck::StepKind::tcp, &netcheck::ProbeStep::kind);
  if (probes.size() > 1 && tcp != chosen.steps.end())
    tcp->evidence += fmt::format("{}{}", tcp->evidence.empty() ? "" : "; ", choice_among(probes, chosen));
  return chosen;
}

/// The address that connected, else the first; the other failures are named beside it.
Observation best_of(const std::vector<Observation>& probes) {
  const auto connected = std::find_if(probes.begin(), probes.end(),
                                      [](const Observation& each) { return each.observed == Observed::connected; });
  if (connected != probes.end()) return chosen_among(probes, *connected);
  Observation first = probes.front();
  for (std::size_t i = 1; i < probes.size(); ++i)
    first.detail += fmt::format("{}{}: {}", first.detail.empty() ? "" : "; ", probes[i].address->to_string(),
                                to_string(probes[i].observed));
  return first;
}

bool wrong(const dns::Answer& predicted, const dns::Lookup& lookup) {
  if (predicted.kind != dns::AnswerKind::addresses || predicted.addresses.empty()) return false;
  return std::none_of(lookup.addresses.begin(), lookup.addresses.end(), [&](const IpAddress& live) {
    return std::find(predicted.addresses.begin(), predicted.addresses.end(), live) != predicted.addresses.end();
  });
}

}  // namespace

Observation observation_of(const dns::Answer& predicted, const dns::Lookup& lookup,
                           const std::vector<Observation>& probes) {
  if (lookup.addresses.empty() || probes.empty()) return without_address(lookup);
  Observation observation = best_of(probes);
  if (!wrong(predicted, lookup)) return observation;
  observation.detail = fmt::format(
      "{} resolves to {} here, and to {} in the file{}; {} there{}{}", lookup.name, listed(lookup.addresses),
      listed(predicted.addresses), predicted.by.empty() ? "" : fmt::format(" ({})", predicted.by),
      describe(observation.observed), observation.detail.empty() ? "" : ": ", observation.detail);
  observation.observed = Observed::wrong_address;
  return observation;
}

}  // namespace pgpassage::scenarios
