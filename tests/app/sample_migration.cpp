#include "sample_migration.hpp"

namespace pgpassage::app {

using namespace migrate;
using std::chrono::seconds;

const Time migration_start{seconds{1'738'922'400}};

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
  detail.migration.started = migration_start;
  detail.migration.ended = migration_start + seconds{90};
  detail.migration.error = {"source and target differ", "XX001", "look at the differences"};
  detail.databases = {{.name = "orders",
                       .state = WorkState::failed,
                       .phase = "verify",
                       .tables_done = 2,
                       .tables_total = 2,
                       .bytes_done = 3 << 20,
                       .bytes_total = 3 << 20,
                       .rows_done = 1234,
                       .started = migration_start,
                       .ended = migration_start + seconds{80}}};
  detail.tables = {
      {"orders", "public.\"Order\"", WorkState::succeeded, 1230, 3 << 20, std::chrono::milliseconds{1500}, ""},
      {"orders", "public.line", WorkState::failed, 4, 100, {}, "permission denied"}};
  detail.events = {{migration_start, "created"}, {migration_start + seconds{80}, "verification found differences"}};
  detail.validations = {{"orders", "ExtensionsValidation", "DB012", "extension-missing", ItemState::warning, "603401",
                         "postgis", "postgis is not on the target", "version 3.3\nschema public",
                         "allow the extension"}};
  detail.validations.push_back({"", "AuthenticationAndConnectivityValidation", "SRV001", "source-login",
                                ItemState::succeeded, "", "source", "The source lets the user in", "TLSv1.3", ""});
  detail.verification.items = {
      {"orders", "table", "public.\"Order\"", 1230, 1230, "ab12", "ab12", true, "", true},
      {"orders", "table", "public.line", 5, 4, "cd34", "ef56", false, "one row is missing", true}};
  detail.verification.notes = {"orders: foreign table x was left out"};
  detail.later_verifications = {{migration_start + seconds{600}, detail.verification}};
  detail.remaining = {"slot pgpassage_1 stays on the source"};
  return detail;
}

}  // namespace pgpassage::app
