#include "app/report/stand_in.hpp"

#include <algorithm>

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::Hop;

std::vector<std::pair<std::string, Decision>> stopping_hops(const netcheck::Trace& trace) {
  std::vector<std::pair<std::string, Decision>> stopping;
  for (const Hop& hop : trace.hops)
    if (hop.decision == Decision::deny || hop.decision == Decision::unknown)
      stopping.emplace_back(hop.by, hop.decision);
  return stopping;
}

bool same_answer(const netcheck::Observation& one, const netcheck::Observation& other) {
  return one.observed == other.observed && one.address == other.address && one.elapsed == other.elapsed &&
         one.detail == other.detail;
}

bool same_answer(const std::optional<dns::Lookup>& one, const std::optional<dns::Lookup>& other) {
  if (!one || !other) return !one && !other;
  return one->status == other->status && one->addresses == other->addresses && one->server == other->server &&
         one->elapsed == other->elapsed;
}

}  // namespace

std::vector<StandIn> stand_ins_of(const scenarios::Assessment& assessment) {
  std::vector<StandIn> stand_ins;
  for (const scenarios::FlowAssessment& flow : assessment.flows) {
    const StandIn stand_in{flow.from, flow.stands_for};
    if (!flow.stands_for.empty() && std::ranges::find(stand_ins, stand_in) == stand_ins.end())
      stand_ins.push_back(stand_in);
  }
  return stand_ins;
}

std::string about_role(std::string text, const StandIn& stand_in) {
  if (stand_in.host.empty()) return text;
  for (std::size_t at = text.find(stand_in.host); at != text.npos;
       at = text.find(stand_in.host, at + stand_in.role.size()))
    text.replace(at, stand_in.host.size(), stand_in.role);
  return text;
}

const StandIn* said_again_by(const Finding& again, const Finding& first, const std::vector<StandIn>& stand_ins) {
  if (again.rule != first.rule || again.status != first.status || again.location != first.location ||
      again.message == first.message)
    return nullptr;
  const auto found = std::ranges::find_if(
      stand_ins, [&](const StandIn& stand_in) { return about_role(again.message, stand_in) == first.message; });
  return found == stand_ins.end() ? nullptr : &*found;
}

bool same_outcome(const scenarios::FlowAssessment& host, const scenarios::FlowAssessment& role) {
  return !host.stands_for.empty() && host.stands_for == role.from && host.to == role.to && host.port == role.port &&
         host.trace.predicted == role.trace.predicted && stopping_hops(host.trace) == stopping_hops(role.trace) &&
         same_answer(host.observation, role.observation);
}

bool same_outcome(const scenarios::NameAssessment& host, const scenarios::NameAssessment& role) {
  return !host.stands_for.empty() && host.stands_for == role.from && host.name == role.name &&
         host.predicted.kind == role.predicted.kind && host.predicted.addresses == role.predicted.addresses &&
         host.predicted.by == role.predicted.by && same_answer(host.observed, role.observed);
}

}  // namespace pgpassage::app
