#include "app/report/migration_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/report/formats.hpp"
#include "report_reader.hpp"

namespace pgpassage::app {
namespace {

using namespace migrate;
using std::chrono::seconds;
using testing::HasSubstr;

const Time start{seconds{1'738'922'400}};  // 2025-02-07T10:00:00Z

MigrationDetail failed_migration() {
  MigrationDetail detail;
  NewMigration& request = detail.migration.request;
  request = {.name = "orders-first",
             .source = {.host = "db1.example", .user = "migrator", .server = "orders-source", .type = "onPremises"},
             .target = {.host = "db2.example", .user = "migrator"},
             .path = NetworkPath::runtime_server,
             .databases = {"orders"},
             .topology_file = "/srv/contoso.yaml",
             .topology_sha256 = std::string(64, 'c'),
             .scenario = "S11",
             .edition = "2025-02"};
  request.process = {.host = "vm-crossing", .pid = 42, .account = "operator"};
  detail.migration.stage = {State::failed, Substate::completing_migration};
  detail.migration.started = start;
  detail.migration.ended = start + seconds{90};
  detail.migration.error = {"source and target differ", "XX001", "look at the differences"};
  detail.databases = {{.name = "orders",
                       .state = WorkState::failed,
                       .phase = "verify",
                       .tables_done = 2,
                       .tables_total = 2,
                       .bytes_done = 3 << 20,
                       .bytes_total = 3 << 20,
                       .rows_done = 1234,
                       .started = start,
                       .ended = start + seconds{80}}};
  detail.tables = {
      {"orders", "public.\"Order\"", WorkState::succeeded, 1230, 3 << 20, std::chrono::milliseconds{1500}, ""},
      {"orders", "public.line", WorkState::failed, 4, 100, {}, "permission denied"}};
  detail.events = {{start, "created"}, {start + seconds{80}, "verification found differences"}};
  detail.validations = {{"orders", "ExtensionsValidation", "DB012", "extension-missing", ItemState::warning, "603401",
                         "postgis", "postgis is not on the target", "version 3.3\nschema public",
                         "allow the extension"}};
  detail.verification.items = {
      {"orders", "table", "public.\"Order\"", 1230, 1230, "ab12", "ab12", true, "", true},
      {"orders", "table", "public.line", 5, 4, "cd34", "ef56", false, "one row is missing", true}};
  detail.verification.notes = {"orders: foreign table x was left out"};
  detail.later_verifications = {{start + seconds{600}, detail.verification}};
  detail.remaining = {"slot pgpassage_1 stays on the source"};
  return detail;
}

Provenance provenance() {
  return {"2025-02-07T12:00:00Z",
          "audit-host",
          "auditor",
          {{"topology", "/srv/contoso.yaml", std::string(64, 'c')}},
          "2025-02",
          {},
          {}};
}

Report report() { return migration_report(failed_migration(), start + seconds{7200}, provenance()); }

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
  EXPECT_EQ(xml.child("testsuites").attribute("tests").as_int(), 4);  // the migration, a validation, two tables
  EXPECT_EQ(xml.child("testsuites").attribute("failures").as_int(), 2);
  EXPECT_EQ(xml.select_nodes("//testcase[@name='orders-first']/failure").size(), 1U);
}

TEST(MigrationDocument, AnUnfinishedMigrationIsNoSuccess) {
  MigrationDetail detail = failed_migration();
  detail.migration.stage = {State::in_progress, Substate::migrating_data};
  detail.migration.ended.reset();
  const Report unfinished = migration_report(detail, start + seconds{7200}, provenance());
  EXPECT_EQ(unfinished.findings.front().status, Status::unknown);
}

}  // namespace
}  // namespace pgpassage::app
