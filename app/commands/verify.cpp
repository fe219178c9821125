#include "migrate/verify/verify.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/filter_choice.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/recorded_servers.hpp"
#include "app/report/migration_report.hpp"
#include "app/run_to_end.hpp"
#include "app/server_address.hpp"
#include "migrate/verify/databases.hpp"

namespace pgpassage::app {
namespace {

using migrate::Agreement;
using migrate::DatabaseLists;
using migrate::ServerAddress;
using migrate::Verification;

struct Subject {
  std::string title;
  std::string name;  ///< of the migration; empty for two URIs
  ServerAddress source, target;
  std::vector<std::string> databases;  ///< empty: what `migrate` would move
  bool network_checked = false;
  std::vector<std::string> remarks;
  bool moved_nothing = false;
  migrate::Filter filter;
};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<Subject> subject_of_uris(const VerifyOptions& options) {
  const auto source = server_of_uri(options.source_uri, "--source");
  if (!source) return tl::unexpected(source.error());
  const auto target = server_of_uri(options.target_uri, "--target");
  if (!target) return tl::unexpected(target.error());
  Subject subject{
      .title = fmt::format("{} and {}", endpoint_of(source->server).display(), endpoint_of(target->server).display()),
      .name = {},
      .source = source->server,
      .target = target->server,
      .databases = options.databases};
  if (subject.databases.empty() && !source->database.empty()) subject.databases.push_back(source->database);
  return subject;
}

bool moved_nothing(const migrate::MigrationRecord& record) {
  return record.stage.state == migrate::State::validation_failed || record.request.option == MigrationOption::validate;
}

/// A comparison of what was never finished is no verdict on the migration.
std::string remark_on(const migrate::MigrationRecord& record) {
  const std::string where = to_string(record.stage.substate);
  switch (record.stage.state) {
    case migrate::State::in_progress:
    case migrate::State::waiting_for_user_action:
      return fmt::format("The migration is still running ({}): the target is not complete yet.", where);
    case migrate::State::failed:
    case migrate::State::canceled:
      return fmt::format("The migration ended as {} in {}: the target may be incomplete.",
                         to_string(record.stage.state), where);
    case migrate::State::validation_failed: return "Nothing was moved: the migration's validation failed.";
    case migrate::State::succeeded: break;
  }
  return moved_nothing(record) ? "Nothing was moved: the migration only validated." : "";
}

Result<Subject> subject_of_migration(const VerifyOptions& options, const migrate::MigrationRecord& record) {
  const migrate::NewMigration& request = record.request;
  const RecordedServers servers = recorded_servers(request);
  Subject subject{.title = request.name,
                  .name = request.name,
                  .source = servers.source,
                  .target = servers.target,
                  .databases = options.databases,
                  .network_checked = request.path != migrate::NetworkPath::not_checked,
                  .moved_nothing = moved_nothing(record)};
  if (request.databases.empty())  // it ended before it knew them: nothing compared must not look identical
    return fail_with_cure(Errc::input, "compare the servers with --source, --target and --databases",
                          "migration '{}' reached no database", request.name);
  for (const std::string& name : options.databases)
    if (!has(request.databases, name))
      return fail_with_cure(Errc::input, fmt::format("it moved {}", fmt::join(request.databases, ", ")),
                            "migration '{}' moved no database '{}'", request.name, name);
  if (subject.databases.empty()) subject.databases = request.databases;
  if (const auto remark = remark_on(record); !remark.empty()) subject.remarks.push_back(remark);
  if (subject.databases.size() < request.databases.size())
    subject.remarks.push_back(fmt::format("Only {} of its {} databases were compared, as asked.",
                                          subject.databases.size(), request.databases.size()));
  return subject;
}

Deadline connect_deadline() { return deadline_in(std::chrono::seconds{20}); }

migrate::VerificationRecord absent(const std::string& database, const char* side) {
  return {
      .database = database, .kind = "database", .name = {}, .difference = fmt::format("is missing on the {}", side)};
}

/// What a name that neither server knows stands for is a mistake of who typed it.
Result<void> settle_databases(Subject& subject, const DatabaseLists& lists) {
  const bool by_default = subject.databases.empty();
  if (by_default) subject.databases = lists.wanted_by_default;
  if (subject.databases.empty())
    return fail_with_cure(Errc::input, "give --databases, or a database in --source",
                          "the source has no database of its users");
  for (const std::string& name : subject.databases)
    if (!has(lists.source, name) && !has(lists.target, name))
      return fail_with_cure(Errc::input, "give --databases names that the servers have",
                            "neither server has a database '{}'", name);
  if (by_default)
    subject.remarks.push_back(fmt::format("No database was named, so all of the source were compared: {}.",
                                          fmt::join(subject.databases, ", ")));
  return {};
}

Result<Verification> compare(const Subject& subject, const std::string& database) {
  const auto comparison = run_to_end(migrate::verify_database({.source = subject.source,
                                                               .target = subject.target,
                                                               .database = database,
                                                               .source_snapshot = {},
                                                               .connect_deadline = connect_deadline(),
                                                               .filter = subject.filter}));
  if (!comparison) return tl::unexpected(comparison.error());
  return to_verification(*comparison);
}

Result<Verification> compare_all(Subject& subject) {
  const std::string fallback = subject.databases.empty() ? "" : subject.databases.front();
  const auto lists = run_to_end(migrate::list_databases(subject.source, subject.target, fallback, connect_deadline()));
  if (!lists) return tl::unexpected(lists.error());
  if (const auto known = settle_databases(subject, *lists); !known) return tl::unexpected(known.error());
  Verification all;
  for (const std::string& name : subject.databases) {
    if (!has(lists->source, name) || !has(lists->target, name)) {
      all.items.push_back(absent(name, has(lists->source, name) ? "target" : "source"));
      continue;
    }
    auto found = compare(subject, name);
    if (!found) return found;
    append(all, std::move(*found));
  }
  return all;
}

ExitCode exit_code_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::identical: return ExitCode::success;
    case Agreement::differs: return ExitCode::failed;
    case Agreement::inconclusive: break;
  }
  return ExitCode::inconclusive;
}

/// A server that could not be asked says nothing about the data: no failure, but no answer either.
int tell_unanswered(const CommonOptions& common, const Error& error) {
  const int code = tell(common, error);
  return code == static_cast<int>(ExitCode::failed) ? static_cast<int>(ExitCode::inconclusive) : code;
}

int show(const CommonOptions& common, Subject subject, Verification found) {
  const ExitCode code = exit_code_of(agreement_of(found.items));
  const VerificationReport report{.title = std::move(subject.title),
                                  .name = std::move(subject.name),
                                  .network_checked = subject.network_checked,
                                  .remarks = std::move(subject.remarks),
                                  .moved_nothing = subject.moved_nothing,
                                  .found = std::move(found)};
  return finish(common,
                common.format == Format::json ? render_verification_json(report)
                                              : render_verification_text(report, result_style(common)),
                code);
}

/// What a migration left out must be said again: its record does not keep it.
Result<Subject> filtered(Result<Subject> subject, const VerifyOptions& options) {
  if (!subject || options.filter == FilterOptions{}) return subject;
  const auto choice = with_filter_file(options.filter);
  if (!choice) return tl::unexpected(choice.error());
  auto filter = filter_of(*choice);
  if (!filter) return tl::unexpected(std::move(filter.error()));
  subject->filter = std::move(*filter);
  subject->remarks.push_back("Only what the filter selects was compared.");
  return subject;
}

int verify_uris(const CommonOptions& common, const VerifyOptions& options) {
  auto subject = filtered(subject_of_uris(options), options);
  if (!subject) return tell(common, subject.error());
  auto found = compare_all(*subject);
  if (!found) return tell_unanswered(common, found.error());
  return show(common, std::move(*subject), std::move(*found));
}

/// What was found is kept for `show` and `report`; so is that the servers could not be asked.
int verify_migration(const CommonOptions& common, const VerifyOptions& options) {
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto detail = detail_of(common, *ledger, options.name);
  if (!detail) return detail.error();
  auto subject = filtered(subject_of_migration(options, detail->migration), options);
  if (!subject) return tell(common, subject.error());
  auto found = compare_all(*subject);
  Verification kept = found ? *found : Verification{{}, {found.error().message}};
  kept.notes.insert(kept.notes.begin(), subject->remarks.begin(), subject->remarks.end());
  if (found || found.error().code != Errc::canceled)
    if (const auto stored = ledger->add_verification(detail->migration.id, kept); !stored)
      return tell(common, stored.error());
  if (!found) return tell_unanswered(common, found.error());
  return show(common, std::move(*subject), std::move(*found));
}

}  // namespace

/// 0 identical, 1 differs, 3 when nothing differs in what could be read but not everything could be.
int run(const CommonOptions& common, const VerifyOptions& options) {
  return options.name.empty() ? verify_uris(common, options) : verify_migration(common, options);
}

}  // namespace pgpassage::app
