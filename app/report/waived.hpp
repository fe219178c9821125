#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "scenarios/waivers/waivers.hpp"

/// How every format says who accepts a finding. Pure.
namespace pgpassage::app {

/// The file of waivers that a result is made with.
struct WaiversUsed {
  std::string file;  ///< as the user wrote it; empty: none
  std::string sha256;
  std::vector<scenarios::Acceptance> accepted;
};

/// Of a waived finding; null for any other.
const scenarios::Acceptance* acceptance_of(const Finding& finding, const WaiversUsed& waivers);

/// "by the network team until 2025-06-30: reason (waivers.yaml:3:5); without the waiver: failed"
std::string acceptance_text(const scenarios::Acceptance& acceptance, const WaiversUsed& waivers);
/// The same of a finding; empty for one that is not waived.
std::string acceptance_text(const Finding& finding, const WaiversUsed& waivers);
boost::json::object acceptance_json(const scenarios::Acceptance& acceptance, const WaiversUsed& waivers);

/// The file in which the finding's location lies: `file` for all that is not about the waivers themselves.
const std::string& file_of(const Finding& finding, const std::string& file, const WaiversUsed& waivers);

}  // namespace pgpassage::app
