#include "app/report/waived.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/wording.hpp"

namespace pgpassage::app {

using scenarios::Acceptance;

const Acceptance* acceptance_of(const Finding& finding, const WaiversUsed& waivers) {
  if (finding.status != Status::waived) return nullptr;
  const auto found = std::ranges::find_if(waivers.accepted, [&](const Acceptance& acceptance) {
    return acceptance.waiver.rule == finding.rule->id && acceptance.waiver.subject == finding.subject;
  });
  return found == waivers.accepted.end() ? nullptr : &*found;
}

std::string acceptance_text(const Acceptance& acceptance, const WaiversUsed& waivers) {
  const scenarios::Waiver& waiver = acceptance.waiver;
  return fmt::format("by {} until {}: {} ({}); without the waiver: {}", waiver.owner,
                     scenarios::to_string(waiver.expiry), waiver.reason, place_text(waivers.file, waiver.location),
                     to_string(acceptance.was));
}

std::string acceptance_text(const Finding& finding, const WaiversUsed& waivers) {
  const Acceptance* acceptance = acceptance_of(finding, waivers);
  return acceptance == nullptr ? std::string{} : acceptance_text(*acceptance, waivers);
}

boost::json::object acceptance_json(const Acceptance& acceptance, const WaiversUsed& waivers) {
  const scenarios::Waiver& waiver = acceptance.waiver;
  return {{"owner", json_string(waiver.owner)},
          {"reason", json_string(waiver.reason)},
          {"expiry", scenarios::to_string(waiver.expiry)},
          {"statusWithout", to_string(acceptance.was)},
          {"location", location_json(waivers.file, waiver.location)}};
}

const std::string& file_of(const Finding& finding, const std::string& file, const WaiversUsed& waivers) {
  return scenarios::about_waivers(finding) ? waivers.file : file;
}

}  // namespace pgpassage::app
