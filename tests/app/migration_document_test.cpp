#include "app/report/migration_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/report/formats.hpp"
#include "report_reader.hpp"
#include "sample_migration.hpp"

namespace pgpassage::app {
namespace {

using namespace migrate;
using std::chrono::seconds;
using testing::HasSubstr;

Provenance provenance() {
  return {"2025-02-07T12:00:00Z",
          "audit-host",
          "auditor",
          {{"topology", "/srv/contoso.yaml", std::string(64, 'c')}},
          "2025-02",
          {},
          {}};
}

Report report() { return migration_report(failed_migration(), migration_start + seconds{7200}, provenance()); }

class MigrationReportFormat : public testing::TestWithParam<Format> {};

TEST_P(MigrationReportFormat, HasEveryFactOfTheLedger) {
  const std::string seen = seen_by_reader(report(), GetParam());
  for (const char* fact : {"orders-first",
                           "source and target differ",
                           "XX001",
                           "look at the differences",
                           "migrator",
                           "db1.example",
                           "onPremises",
                           "runtimeServer",
                           "S11",
                           "2025-02",
                           "/srv/contoso.yaml",
                           "cccccccc",
                           "2025-02-07T10:00:00Z",
                           "2025-02-07T10:01:30Z",
                           "operator",
                           "vm-crossing",
                           "42",
                           "1234",
                           "public.\"Order\"",
                           "1230",
                           "public.line",
                           "permission denied",
                           "created",
                           "verification found differences",
                           "ExtensionsValidation",
                           "DB012",
                           "extension-missing",
                           "603401",
                           "SRV001",
                           "source-login",
                           "The source lets the user in",
                           "TLSv1.3",
                           "postgis is not on the target",
                           "version 3.3",
                           "schema public",
                           "allow the extension",
                           "ab12",
                           "cd34",
                           "ef56",
                           "one row is missing",
                           "orders: foreign table x was left out",
                           "2025-02-07T10:10:00Z",
                           "slot pgpassage_1 stays on the source",
                           "2025-02-07T12:00:00Z",
                           "audit-host"})
    EXPECT_THAT(seen, HasSubstr(fact));
}

INSTANTIATE_TEST_SUITE_P(All, MigrationReportFormat,
                         testing::Values(Format::json, Format::markdown, Format::html, Format::junit, Format::sarif));

TEST(MigrationDocument, FailsAPipelineWhenTheMigrationFailed) {
  const pugi::xml_document xml = xml_of(render_report(report(), Format::junit));
  EXPECT_EQ(xml.child("testsuites").attribute("tests").as_int(), 5);  // the migration, two validations, two tables
  EXPECT_EQ(xml.child("testsuites").attribute("failures").as_int(), 2);
  EXPECT_EQ(xml.select_nodes("//testcase[@name='orders-first']/failure").size(), 1U);
}

TEST(MigrationDocument, AnUnfinishedMigrationIsNoSuccess) {
  MigrationDetail detail = failed_migration();
  detail.migration.stage = {State::in_progress, Substate::migrating_data};
  detail.migration.ended.reset();
  const Report unfinished = migration_report(detail, migration_start + seconds{7200}, provenance());
  EXPECT_EQ(unfinished.findings.front().status, Status::unknown);
}

}  // namespace
}  // namespace pgpassage::app
