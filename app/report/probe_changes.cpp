#include "app/report/probe_changes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "scenarios/verdict/evidence.hpp"

namespace pgpassage::app {
namespace {

namespace json = boost::json;
using netcheck::Observed;
using scenarios::Assessment;
using scenarios::FlowAssessment;
using scenarios::NameAssessment;

std::string state_of(const FlowAssessment& flow) {
  const netcheck::ProbeStep* weak = netcheck::weak_step(flow.observation.steps);
  const std::string observed = to_string(flow.observation.observed);
  return weak == nullptr ? observed : fmt::format("{} ({})", observed, weak->cause);
}

std::string state_of(const NameAssessment& name) {
  if (!name.observed) return "not asked";
  if (name.observed->addresses.empty()) return to_string(name.observed->status);
  std::vector<std::string> addresses;
  for (const IpAddress& address : name.observed->addresses) addresses.push_back(address.to_string());
  std::ranges::sort(addresses);  // servers turn their answers round
  return fmt::format("{}", fmt::join(addresses, ", "));
}

const FlowAssessment* same_in(const Assessment& before, const FlowAssessment& flow) {
  for (const FlowAssessment& each : before.flows)
    if (each.id == flow.id && each.from == flow.from) return &each;
  return nullptr;
}

const NameAssessment* same_in(const Assessment& before, const NameAssessment& name) {
  for (const NameAssessment& each : before.names)
    if (each.name == name.name && each.from == name.from) return &each;
  return nullptr;
}

template <class Kind>
std::string state_before(const Assessment* before, const Kind& now) {
  const Kind* same = before == nullptr ? nullptr : same_in(*before, now);
  return same == nullptr ? std::string{} : state_of(*same);
}

std::string utc(std::chrono::sys_seconds time, const char* form) {
  return fmt::format(fmt::runtime(form), fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

}  // namespace

std::vector<ProbeChange> changes_between(const Assessment* before, const Assessment& now) {
  std::vector<ProbeChange> changes;
  const auto add = [&](std::string what, std::string was, std::string is, std::string detail, bool better) {
    if (was != is) changes.push_back({std::move(what), std::move(was), std::move(is), std::move(detail), better});
  };
  for (const NameAssessment& name : now.names)
    add(fmt::format("{} from {}", name.name, name.from), state_before(before, name), state_of(name),
        name.observed ? name.observed->detail : "", name.observed && !name.observed->addresses.empty());
  for (const FlowAssessment& flow : now.flows)
    add(fmt::format("{} ({})", flow.id, flow.from), state_before(before, flow), state_of(flow), flow.observation.detail,
        flow.observation.observed == Observed::connected);
  return changes;
}

std::string change_text(const ProbeChange& change, std::chrono::sys_seconds time, const TextStyle& style) {
  const Tone tone = change.better ? Tone::good : Tone::bad;
  const std::string from = change.was.empty() ? "" : change.was + (style.unicode ? " → " : " -> ");
  const std::string words = fmt::format("{}: {}{}{}", change.what, from, change.now,
                                        change.detail.empty() ? "" : fmt::format("; {}", change.detail));
  return fmt::format("{}  {} {}\n", utc(time, "{:%H:%M:%SZ}"), paint(style, tone, symbol(style, tone)),
                     wrap(style, 13, words));
}

std::string change_json(const ProbeChange& change, std::chrono::sys_seconds time) {
  return json::serialize(json::object{{"time", utc(time, "{:%Y-%m-%dT%H:%M:%SZ}")},
                                      {"what", json_string(change.what)},
                                      {"was", json_string_or_null(change.was)},
                                      {"now", json_string(change.now)},
                                      {"detail", json_string(change.detail)}}) +
         "\n";
}

}  // namespace pgpassage::app
