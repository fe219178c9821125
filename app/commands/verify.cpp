#include "migrate/verify/verify.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/migration_report.hpp"
#include "app/server_address.hpp"
#include "app/topology_file.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {
namespace {

namespace asio = boost::asio;
using migrate::DatabaseComparison;
using migrate::ServerAddress;

struct Subject {
  std::string title;
  std::string name;  ///< of the migration; empty for two URIs
  ServerAddress source, target;
  std::vector<std::string> databases;
  bool network_checked = false;
};

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
  if (subject.databases.empty())
    return fail_with_cure(Errc::input, "give --databases a,b or a database in --source",
                          "verify does not know which databases to compare");
  return subject;
}

/// Passwords are not in the ledger: they come again from where the topology says, or from libpq's own places. Nothing
/// else is taken from there: the file may have changed since, and the servers of the migration are to be compared.
void take_secrets(Subject& subject, const migrate::NewMigration& request) {
  if (request.topology_file.empty()) return;
  const auto file = open_topology(request.topology_file);
  if (!file) return;  // moved or broken since: .pgpass may still do
  const auto take = [&](ServerAddress& into, const std::string& name) {
    const Server* server = find_server(file->topology, name);
    if (!server) return;
    into.password_file = server->password_file;
    into.password_env = server->password_env;
  };
  take(subject.source, request.source.server);
  take(subject.target, request.target.server);
}

Result<Subject> subject_of_name(const VerifyOptions& options) {
  const auto home = migrate::home_directory();
  if (!home) return tl::unexpected(home.error());
  auto ledger = migrate::Ledger::open(*home);
  if (!ledger) return tl::unexpected(ledger.error());
  const auto id = ledger->find(options.name);
  if (!id) return tl::unexpected(id.error());
  const auto detail = ledger->detail(*id);
  if (!detail) return tl::unexpected(detail.error());
  const migrate::NewMigration& request = detail->migration.request;
  Subject subject{.title = request.name,
                  .name = request.name,
                  .source = server_of(request.source),
                  .target = server_of(request.target),
                  .databases = options.databases,
                  .network_checked = request.path != migrate::NetworkPath::not_checked};
  if (subject.databases.empty())
    for (const auto& database : detail->databases) subject.databases.push_back(database.name);
  if (subject.databases.empty())  // it ended before it knew them: nothing compared must not look identical
    return fail_with_cure(Errc::input, "give --databases a,b", "migration '{}' reached no database", request.name);
  take_secrets(subject, request);
  return subject;
}

Result<DatabaseComparison> compare(const Subject& subject, const std::string& database) {
  asio::io_context context;
  Result<DatabaseComparison> result = fail(Errc::internal, "verify did not end");
  std::exception_ptr escaped;
  asio::co_spawn(context,
                 migrate::verify_database({.source = subject.source,
                                           .target = subject.target,
                                           .database = database,
                                           .source_snapshot = {},
                                           .connect_deadline = deadline_in(std::chrono::seconds{20})}),
                 [&](std::exception_ptr error, Result<DatabaseComparison> value) {
                   escaped = error;
                   result = std::move(value);
                 });
  context.run();
  if (escaped) std::rethrow_exception(escaped);
  return result;
}

}  // namespace

/// 0 identical, 1 differs, 3 when nothing differs in what could be read but not everything could be.
int run(const CommonOptions& common, const VerifyOptions& options) {
  const auto subject = options.name.empty() ? subject_of_uris(options) : subject_of_name(options);
  if (!subject) return tell(common, subject.error());
  std::vector<migrate::VerificationRecord> records;
  std::vector<std::string> notes;
  bool differs = false, complete = true;
  for (const std::string& database : subject->databases) {
    const auto comparison = compare(*subject, database);
    if (!comparison) return tell(common, comparison.error());
    for (auto& record : to_records(*comparison)) records.push_back(std::move(record));
    for (const std::string& note : comparison->notes) notes.push_back(database + ": " + note);
    differs = differs || comparison->differs();
    complete = complete && comparison->complete();
  }
  const std::string text =
      common.format == Format::json
          ? render_verification_json(records, notes, subject->name, subject->network_checked)
          : render_verification_text(records, notes, subject->title, subject->network_checked, result_style(common));
  return finish(common, text, differs ? ExitCode::failed : complete ? ExitCode::success : ExitCode::inconclusive);
}

}  // namespace pgpassage::app
