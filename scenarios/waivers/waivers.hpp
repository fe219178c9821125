#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "netcheck/topology/reader.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What somebody accepts although it is not in order: by whom, why, and until when. Pure.
///
/// The file is YAML or JSON: a list of waivers, or an object whose `waivers` is that list. A waiver has `rule` (id or
/// name), `subject` (as the finding writes it), `reason`, `owner` and `expiry` (2025-06-30, the day inclusive, UTC);
/// all are required, and nothing else is taken.
namespace pgpassage::scenarios {

struct Waiver {
  std::string rule;  ///< id of the catalogue: "DNS307"
  std::string subject;
  std::string reason;
  std::string owner;
  std::chrono::year_month_day expiry;  ///< the last day on which it holds
  Location location;                   ///< in the file of waivers
};

/// An entry of the list that is no waiver, and everything that is wrong with it.
struct MalformedWaiver {
  Location location;
  std::vector<Diagnostic> errors;  ///< never empty
};

struct WaiverFile {
  std::vector<Waiver> waivers;
  std::vector<MalformedWaiver> malformed;
};

/// The errors are those of a text that has no list of waivers at all; what is wrong with one entry does not keep the
/// others from being read.
tl::expected<WaiverFile, std::vector<Diagnostic>> read_waivers(std::string_view text);

/// A finding that is waived, and what it would be without.
struct Acceptance {
  Waiver waiver;
  Status was = Status::failed;
};

/// Marks as waived what a waiver accepts that holds `today`: failures, warnings and what could not be decided. What a
/// packet needs (grade H) is never waived: no signature makes a network carry it. Appends a finding for each waiver
/// that is malformed, expired, refused for that reason, or met nothing to waive; their locations lie in the file of
/// waivers. Summary and verdict are made anew. Answers what was accepted, a waiver as often as it met a finding.
std::vector<Acceptance> apply_waivers(Assessment& assessment, const WaiverFile& file, std::chrono::sys_days today);

/// True for a finding that speaks about the file of waivers and has its location there.
bool about_waivers(const Finding& finding);

std::string to_string(std::chrono::year_month_day day);  ///< "2025-06-30"

}  // namespace pgpassage::scenarios
