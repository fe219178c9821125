#pragma once

#include <chrono>
#include <string>

#include "app/options.hpp"
#include "app/report/subject.hpp"
#include "app/report/wording.hpp"
#include "netcheck/base/error.hpp"
#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

struct AssessedFile {
  Subject subject;
  scenarios::Assessment assessment;
  Topology topology;
};

/// The edition to judge by: the one asked for, else the file's, else the default one.
std::string edition_for(const Topology& topology, const std::string& asked_for);

/// What a command asks of a file's assessment.
struct AssessmentRequest {
  std::string file;
  std::string edition;  ///< empty: the file's
  bool live = true;
  std::chrono::milliseconds time_limit{10'000};
  ReportSettings report;
  AgentAccess agent;
  WaiverChoice waivers;
};

/// What `check` and `report` do alike: reads the file, judges it on paper and, unless `live` is false, by asking the
/// network. When it fails, it has told the user why, and the exit code is the error.
tl::expected<AssessedFile, int> assess_file(const CommonOptions& common, const AssessmentRequest& request,
                                            std::string_view command);

/// What was found, in the format that the command line asks for; `depth` is that of the text. A full report says where
/// it comes from.
std::string render_assessment(const CommonOptions& common, const AssessedFile& assessed,
                              const AssessmentRequest& request, Depth depth);

}  // namespace pgpassage::app
