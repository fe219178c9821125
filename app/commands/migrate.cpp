#include <fmt/ranges.h>
#include <cstdio>

#include "app/agent/client/follower.hpp"
#include "app/agent/client/shown.hpp"
#include "app/commands/commands.hpp"
#include "app/crossing.hpp"
#include "app/failure.hpp"
#include "app/filter_choice.hpp"
#include "app/interruption.hpp"
#include "app/logging.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/run_recorded.hpp"
#include "app/run_to_end.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/engine/servers.hpp"

namespace pgpassage::app {
namespace {

using migrate::Ledger;

// A migration is accepted, and its name used, once both servers have let its users in and the source has the
// databases. What the servers or this machine then cannot do (versions, programs) is the migration's failure.
bool accepted(const Error& error) { return error.code == Errc::unsupported || error.code == Errc::program; }

void tell_all_databases(const CommonOptions& common, const std::vector<std::string>& names) {
  if (common.quiet) return;
  const std::string line =
      fmt::format("No database is named, so all of the source are taken: {}", fmt::join(names, ", "));
  std::fputs((printable(line) + "\n").c_str(), stderr);
}

// The input's fault whatever the code: nothing was done.
int tell_not_accepted(const CommonOptions& common, Error error) {
  if (error.code == Errc::canceled)
    return tell(common, Error{Errc::canceled, "canceled before the migration was accepted: nothing was done", {}, {}});
  if (error.code != Errc::internal) error.code = Errc::input;
  return tell(common, error);
}

// Asks both servers before there is a record, which then names every database.
Result<void> look_first(const CommonOptions& common, Crossing& crossing) {
  const auto found = run_to_end(migrate::inspect_servers(crossing.request));
  if (!found) return accepted(found.error()) ? Result<void>{} : Result<void>{tl::unexpected(found.error())};
  std::vector<std::string> names;
  for (const auto& [name, shape] : found->databases) names.push_back(name);
  if (!crossing.record.databases.empty()) return {};
  crossing.record.databases = crossing.request.databases = names;
  tell_all_databases(common, names);
  return {};
}

int migrate_recorded(const CommonOptions& common, Ledger& ledger, Crossing crossing) {
  const auto id = ledger.create(crossing.record);
  if (!id) return tell(common, id.error());
  log_of("app").info("migration accepted name={} source={} target={} databases={}", crossing.record.name,
                     crossing.record.source.display(), crossing.record.target.display(),
                     fmt::join(crossing.record.databases, ","));
  return run_recorded(common, ledger, *id, std::move(crossing.request));
}

int migrate_now(const CommonOptions& common, Crossing crossing) {
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  if (const auto seen = look_first(common, crossing); !seen) return tell_not_accepted(common, seen.error());
  InterruptionHeld held;  // or the record could stay InProgress, or what succeeded end as canceled
  const int code = migrate_recorded(common, *ledger, std::move(crossing));
  held.drop();
  return code;
}

/// Exit code 3 when it is not known how the migration ends: nobody follows it any more.
int migrate_there(const CommonOptions& common, const AgentAccess& access, const CrossingElsewhere& crossing) {
  auto client = agent::Client::open(crossing.agent, agent::credentials_of(access));
  if (!client) return tell(common, client.error());
  agent::Follower follower{std::move(*client), common};
  const agent::Followed followed = follower.run(crossing.order);
  if (followed.name.empty()) return tell(common, *followed.error);
  if (!followed.state) {
    const std::string how = followed.error ? followed.error->message : "Detached";
    std::fputs(fmt::format("{}. {} goes on at {}: `pgpassage show {} --agent {}` says how far it is\n", how,
                           printable(followed.name), crossing.agent, printable(followed.name), crossing.agent)
                   .c_str(),
               stderr);
    return static_cast<int>(ExitCode::inconclusive);
  }
  const std::string target = "/v1/migrations/" + agent::path_segment(followed.name) + agent::wanted_form(common);
  const auto text = agent::ask_to_show(common, access, crossing.agent, "GET", target);
  if (!text) return tell(common, text.error());
  return finish_done(common, *text, exit_code_of(*followed.state),
                     fmt::format("{} has ended as {}; `pgpassage show {} --agent {}` shows the result", followed.name,
                                 to_string(*followed.state), followed.name, crossing.agent));
}

int migrate_here(const CommonOptions& common, const MigrateOptions& options, Crossing crossing) {
  return options.dry_run ? run_dry(common, crossing) : migrate_now(common, std::move(crossing));
}

Error no_dry_run_at(const CrossingElsewhere& crossing) {
  return {Errc::input,
          fmt::format("the crossing starts at {}, and an agent makes no dry run", crossing.agent),
          {},
          "run it on that machine"};
}

}  // namespace

int run(const CommonOptions& common, const MigrateOptions& given) {
  MigrateOptions options = given;
  auto filter = with_filter_file(options.filter);
  if (!filter) return tell(common, filter.error());
  options.filter = std::move(*filter);
  if (options.file.empty()) {
    auto crossing = crossing_of_uris(options);
    return crossing ? migrate_here(common, options, std::move(*crossing)) : tell(common, crossing.error());
  }
  auto crossing = crossing_of_file(common, options);
  if (!crossing) return crossing.error();
  if (const auto* elsewhere = std::get_if<CrossingElsewhere>(&*crossing))
    return options.dry_run ? tell(common, no_dry_run_at(*elsewhere)) : migrate_there(common, options.agent, *elsewhere);
  return migrate_here(common, options, std::get<Crossing>(std::move(*crossing)));
}

}  // namespace pgpassage::app
