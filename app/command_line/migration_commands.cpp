#include "app/command_line/shared_options.hpp"
#include "app/report_options.hpp"

namespace pgpassage::app {
namespace {

using migrate::RoleHandling;
using migrate::VerifyDepth;

const std::vector<std::pair<std::string, VerifyDepth>> verify_depths{
    {"none", VerifyDepth::none}, {"counts", VerifyDepth::counts}, {"full", VerifyDepth::full}};
const std::vector<std::pair<std::string, RoleHandling>> role_handlings{
    {"none", RoleHandling::none}, {"report", RoleHandling::report}, {"create", RoleHandling::create}};

template <class Options>
void add_engine_options(CLI::App& app, Options& options) {
  add_number(app, "--jobs", "N", "copy streams at once; default: from both servers' cores and the round-trip time", 256,
             [&options](unsigned number) { options.jobs = number; });
  add_number(app, "--index-jobs", "N", "indexes built at once; default: from the target's cores", 256,
             [&options](unsigned number) { options.index_jobs = number; });
  add_number(app, "--outage-time", "SECONDS", "how long a server that is lost meanwhile is waited for; default 300",
             86'400, [&options](unsigned number) { options.outage_time = std::chrono::seconds{number}; });
}

}  // namespace

void add_migrate(Grammar& grammar) {
  const auto [app, options] = add_command<MigrateOptions>(
      grammar, "migrate", "validate and migrate, as the file's migration says or between two servers",
      {"pgpassage migrate contoso.yaml",
       "pgpassage migrate --source postgresql://migrator@db1/ --target postgresql://migrator@db2/ --databases orders"});
  add_file(app, options.file);
  add_uris(app, options.source_uri, options.target_uri, options.databases);
  add_text(app, "--name", "NAME", "name of the migration; default: the file's, or made from the time", options.name);
  add_choice(app, "--mode", "instead of the file's migrationMode; this version is offline only, Online arrives later",
             options.mode,
             std::vector<std::pair<std::string, MigrationMode>>{{"Offline", MigrationMode::offline},
                                                                {"Online", MigrationMode::online}});
  add_choice(app, "--option", "instead of the file's migrationOption", options.option,
             std::vector<std::pair<std::string, MigrationOption>>{
                 {"Validate", MigrationOption::validate},
                 {"Migrate", MigrationOption::migrate},
                 {"ValidateAndMigrate", MigrationOption::validate_and_migrate}});
  app.add_flag("--overwrite", options.overwrite, "databases that exist on the target may be replaced");
  add_choice(app, "--verify", "what is compared afterwards: nothing, rows by their number, or all of it; default: full",
             options.verify, verify_depths);
  add_choice(app, "--roles", "roles that the target lacks are left alone, named, or made; default: report",
             options.roles, role_handlings);
  add_edition(app, options.edition);
  add_live(app, options.live);
  app.add_flag("--dry-run", options.dry_run, "say what would be done, with sizes and an estimate, and do nothing");
  add_filter(app, options.filter);
  add_engine_options(app, options);
  add_size(app, "--split-tables-larger-than", "tables above it are copied by several streams; default 2GB",
           [&options = options](std::int64_t bytes) { options.split_tables_larger_than = bytes; });
  app.add_flag_callback(
      "--no-load-settings", [&options = options] { options.load_settings = false; },
      "keep the target's synchronous_commit and maintenance_work_mem while it is loaded");
  add_agent_access(app, options.agent, true);
}

void add_migrations(Grammar& grammar) {
  const auto list =
      add_command<ListOptions>(grammar, "list", "list the migrations, newest first",
                               {"pgpassage list --format json", "pgpassage list --agent https://10.20.2.4:7443"});
  add_agent_access(list.app, list.options.agent, true);
  const auto show =
      add_command<ShowOptions>(grammar, "show", "show one migration in detail", {"pgpassage show orders-to-flexible"});
  add_text(show.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", show.options.name)->required();
  add_agent_access(show.app, show.options.agent, true);
  const auto verify = add_command<VerifyOptions>(
      grammar, "verify", "compare source and target: rows, content and schema",
      {"pgpassage verify orders-to-flexible",
       "pgpassage verify --source postgresql://migrator@db1/ --target postgresql://migrator@db2/"});
  add_text(verify.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", verify.options.name);
  add_uris(verify.app, verify.options.source_uri, verify.options.target_uri, verify.options.databases);
  add_filter(verify.app, verify.options.filter);
  const auto cancel = add_command<CancelOptions>(grammar, "cancel", "stop a running migration and clean up the source",
                                                 {"pgpassage cancel orders-to-flexible"});
  add_text(cancel.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", cancel.options.name)->required();
  add_agent_access(cancel.app, cancel.options.agent, true);
  const auto resume = add_command<ResumeOptions>(
      grammar, "resume", "go on with a migration that failed or was canceled", {"pgpassage resume orders-to-flexible"});
  add_text(resume.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", resume.options.name)->required();
  add_engine_options(resume.app, resume.options);
  const auto forget = add_command<DeleteOptions>(grammar, "delete",
                                                 "delete the record of a migration that has ended; what it moved stays",
                                                 {"pgpassage delete orders-to-flexible"});
  add_text(forget.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", forget.options.name)->required();
}

namespace {

void add_signing(CLI::App& app, ReportOptions& options) {
  CLI::Option* sign = add_text(app, "--sign", "FILE",
                               "private Ed25519 key, PEM, to sign the report with; the signature covers every byte and "
                               "lies beside the report of --output, as PATH.sig",
                               options.sign_key);
  add_text(app, "--passphrase-file", "FILE",
           "its first line opens the private key; default: the terminal is asked when the key has a pass phrase",
           options.passphrase_file)
      ->needs(sign);
  CLI::Option* check =
      add_text(app, "--check-signature", "FILE",
               "instead: check that a report is as it was signed, with FILE.sig beside it. Exits 0 when "
               "it is, 1 when a byte was changed or another key signed; text or json",
               options.check_signature);
  add_text(
      app, "--trusted-key", "FILE",
      "public Ed25519 key, PEM, that must have signed; without it the fingerprint is shown for a person to compare",
      options.trusted_key)
      ->needs(check);
}

}  // namespace

void add_report(Grammar& grammar) {
  const auto [app, options] = add_command<ReportOptions>(
      grammar, "report",
      "the readiness or migration report, with every check and citation; of a migration it "
      "exits 0 when it succeeded, 1 when it failed, 3 while it has not ended, 4 when it was "
      "canceled",
      {"pgpassage report contoso.yaml --no-live --output readiness.txt",
       "pgpassage report orders-to-flexible --format html --output orders.html --sign sign.pem",
       "pgpassage report --check-signature orders.html --trusted-key public.pem",
       "pgpassage report --diff monday.json tuesday.json --format markdown"});
  add_text(app, "SUBJECT", "FILE or NAME", "topology file, or name of a migration", options.subject);
  add_edition(app, options.edition);
  CLI::Option* no_live = add_live(app, options.live);
  add_time_limit(app, options.time_limit)->excludes(no_live);
  add_signing(app, options);
  add_value_pair(
      app, "--diff", "FILE FILE",
      "instead: compare two reports of --format json, the older first. Exits 0 when nothing got worse, 1 when "
      "something did or a failure came, 3 when something undecided came; text, json, markdown or html",
      options.compared);
  add_format(app, "form of the report; default text", report_takes, report_takes, grammar.common.format);
  add_waivers(app, options.waivers);
  add_report_settings(app, options.report);
  add_agent_access(app, options.agent, false);
}

}  // namespace pgpassage::app
