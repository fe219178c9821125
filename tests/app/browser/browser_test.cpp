#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/report/check_json.hpp"
#include "app/report/compare/compare.hpp"
#include "app/report/formats.hpp"
#include "app/report/migration_document.hpp"
#include "app/report/readiness_report.hpp"
#include "tests/app/program.hpp"
#include "tests/app/sample_assessment.hpp"
#include "tests/app/sample_migration.hpp"

/// HTML reports in headless Chromium: report.test.mjs says what must hold. Reports and screenshots stay in the build
/// tree, below tests/app/artefacts.
namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;

Provenance provenance() {
  return {"2025-02-07T12:00:00Z",
          "audit-host",
          "auditor",
          {{"topology", "contoso.yaml", std::string(64, 'a')}, {"waivers", "waivers.yaml", std::string(64, 'b')}},
          "2025-02",
          {"--time-limit 10"},
          probes_of(not_ready_assessment())};
}

std::string readiness(const scenarios::Assessment& assessment, const Topology& topology) {
  return render_report(readiness_report(assessment, sample_subject(), topology, provenance()), Format::html);
}

std::string hostile() {
  scenarios::Assessment assessment = hostile_assessment();
  for (Finding& finding : assessment.findings)
    finding.message = "<script>alert(1)</script>]]>\"' " + std::string(10'000, 'n');
  return readiness(assessment, sample_topology());
}

std::string comparison() {
  const auto read = [](const char* file, const scenarios::Assessment& assessment) {
    return *read_report(file, std::string(64, 'a'), render_json(assessment, sample_subject()));
  };
  const auto compared =
      compare_reports(read("monday.json", not_ready_assessment()), read("tuesday.json", ready_assessment()));
  return render_html(comparison_document(*compared));
}

std::string migration() {
  const auto now = migration_start + std::chrono::hours{2};
  return render_report(migration_report(failed_migration(), now, provenance()), Format::html);
}

struct Opened {
  const char* name;
  std::string (*html)();
};

class HtmlReportOf : public testing::TestWithParam<Opened> {};

TEST_P(HtmlReportOf, OpensInABrowserWithoutAComplaint) {
  const fs::path folder{PGPASSAGE_ARTEFACTS};
  fs::create_directories(folder);
  const std::string file = (folder / (std::string{GetParam().name} + ".html")).string();
  std::ofstream{file} << GetParam().html();
  const Workplace work;
  const auto result =
      work.run("PGPASSAGE_NPM='" PGPASSAGE_NPM "' node '" PGPASSAGE_SOURCE_DIR "/tests/app/browser/report.test.mjs' '" +
               folder.string() + "' '" + file + "'");
  if (result.exit_code == 127) GTEST_SKIP() << "node is not installed";
  if (result.exit_code == 77) GTEST_SKIP() << result.output;
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

INSTANTIATE_TEST_SUITE_P(
    Samples, HtmlReportOf,
    testing::Values(Opened{"notReady", [] { return readiness(not_ready_assessment(), sample_topology(5)); }},
                    Opened{"ready", [] { return readiness(ready_assessment(), sample_topology()); }},
                    Opened{"networks50", [] { return readiness(not_ready_assessment(), sample_topology(50)); }},
                    Opened{"hostile", hostile}, Opened{"migration", migration}, Opened{"comparison", comparison}),
    [](const auto& test) { return std::string{test.param.name}; });

}  // namespace
}  // namespace pgpassage::app
