#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>
#include <thread>

#include "app/commands/commands.hpp"
#include "app/crossing.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/progress/progress.hpp"
#include "app/report/migration_report.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/state/ledger.hpp"
#include "migrate/validate/validate.hpp"
#include "migrate/verify/verify.hpp"

namespace pgpassage::app {
namespace {

namespace asio = boost::asio;
using migrate::Checks;
using migrate::Ledger;
using migrate::MigrationId;
using migrate::Observer;
using migrate::Outcome;
using migrate::Request;
using migrate::State;
using migrate::ValidationRecord;
using migrate::VerificationRecord;
using Clock = std::chrono::steady_clock;

Deadline deadline_of(const Request& request) { return Clock::now() + request.connect_time; }

Checks usual_checks() {
  return {.validate = [](const Request& request) -> asio::awaitable<Result<std::vector<ValidationRecord>>> {
            migrate::ValidationRequest validation{.source = request.source,
                                                  .target = request.target,
                                                  .databases = request.databases,
                                                  .overwrite = request.overwrite,
                                                  .connect_deadline = deadline_of(request)};
            co_return co_await migrate::validate(std::move(validation));
          },
          .verify = [](const Request& request,
                       std::string database) -> asio::awaitable<Result<std::vector<VerificationRecord>>> {
            migrate::VerifyRequest verify{.source = request.source,
                                          .target = request.target,
                                          .database = std::move(database),
                                          .jobs = request.jobs,
                                          .source_snapshot = {},
                                          .connect_deadline = deadline_of(request)};
            const auto comparison = co_await migrate::verify_database(std::move(verify));
            if (!comparison) co_return tl::unexpected(comparison.error());
            co_return to_records(*comparison);
          }};
}

// What is told to the ledger and shown meanwhile. A row that the ledger cannot keep must not stop the copy: only a
// transition must, and that is `advance`.
class Teller {
 public:
  Teller(Ledger& ledger, MigrationId id, const CommonOptions& common, const migrate::NewMigration& wanted)
      : ledger_{ledger}, id_{id}, display_{common.quiet, error_style(common).color}, snapshot_{.name = wanted.name} {
    for (const std::string& database : wanted.databases) snapshot_.databases.push_back({.name = database});
  }

  Observer observer() {
    return {
        .advance = [this](migrate::Event event, const migrate::Trouble& trouble) { return advance(event, trouble); },
        .note = [this](std::string_view text) { std::ignore = ledger_.note(id_, text); },
        .database = [this](const migrate::DatabaseRecord& record) { database(record); },
        .tables = [this](const auto& records) { std::ignore = ledger_.store(id_, records); },
        .validated = [this](const auto& records) { std::ignore = ledger_.store(id_, records); },
        .verified = [this](const auto& records) { std::ignore = ledger_.store(id_, records); },
        .remains = [this](const auto& texts) { std::ignore = ledger_.store_remaining(id_, texts); },
        .cancel_requested = [this] { return tick(); }};
  }

  void finish() { display_.finish(snapshot()); }

 private:
  Result<migrate::Step> advance(migrate::Event event, const migrate::Trouble& trouble) {
    auto step = ledger_.advance(id_, event, trouble);
    if (step) snapshot_.stage = step->stage;
    display_.update(snapshot());
    return step;
  }

  void database(const migrate::DatabaseRecord& record) {
    std::ignore = ledger_.store(id_, record);
    auto& all = snapshot_.databases;
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == record.name; });
    if (known == all.end())
      all.push_back(record);
    else
      *known = record;
    display_.update(snapshot());
  }

  // Asked about once a second: the clock on the screen goes on while a long statement reports nothing.
  bool tick() {
    display_.update(snapshot());
    return ledger_.cancel_requested(id_).value_or(false);
  }

  const ProgressSnapshot& snapshot() {
    snapshot_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
    return snapshot_;
  }

  Ledger& ledger_;
  MigrationId id_;
  ProgressDisplay display_;
  ProgressSnapshot snapshot_;
  Clock::time_point started_ = Clock::now();
};

// A terminal that goes away asks us to stop, unless nohup said that it does not matter.
bool hang_up_is_ignored() {
  struct sigaction now {};
  return sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

// Ctrl-C and SIGTERM cancel the coroutine, which stops its statements on both servers before it ends.
Result<Outcome> run_to_end(Request request, Observer observer) {
  asio::io_context context;
  const auto strand = asio::make_strand(context);
  asio::cancellation_signal stop;
  asio::signal_set signals{strand, SIGINT, SIGTERM};
  if (!hang_up_is_ignored()) signals.add(SIGHUP);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop.emit(asio::cancellation_type::terminal);
  });
  std::optional<Result<Outcome>> outcome;
  std::exception_ptr escaped;
  const auto ended = [&](std::exception_ptr exception, Result<Outcome> result) {
    escaped = exception;
    outcome = std::move(result);
    signals.cancel();
  };
  asio::co_spawn(strand, migrate::run_migration(std::move(request), std::move(observer), usual_checks()),
                 asio::bind_cancellation_slot(stop.slot(), asio::bind_executor(strand, ended)));
  std::thread second{[&] { context.run(); }};
  context.run();
  second.join();
  if (escaped) std::rethrow_exception(escaped);
  return std::move(*outcome);
}

ExitCode exit_code_of(State state) {
  switch (state) {
    case State::succeeded: return ExitCode::success;
    case State::canceled: return ExitCode::canceled;
    default: return ExitCode::failed;
  }
}

int migrate_now(const CommonOptions& common, Crossing crossing) {
  const auto home = migrate::home_directory();
  if (!home) return tell(common, home.error());
  auto ledger = Ledger::open(*home);
  if (!ledger) return tell(common, ledger.error());
  const auto id = ledger->create(crossing.record);
  if (!id) return tell(common, id.error());
  Teller teller{*ledger, *id, common, crossing.record};
  const auto outcome = run_to_end(std::move(crossing.request), teller.observer());
  teller.finish();
  if (!outcome) return tell(common, outcome.error());
  const auto detail = ledger->detail(*id);
  if (!detail) return tell(common, detail.error());
  const auto now = std::chrono::system_clock::now();
  return finish(common,
                common.format == Format::json ? render_migration_json(*detail, now)
                                              : render_migration_text(*detail, now, result_style(common)),
                exit_code_of(outcome->stage.state));
}

}  // namespace

int run(const CommonOptions& common, const MigrateOptions& options) {
  if (!options.file.empty()) {
    auto crossing = crossing_of_file(common, options);
    return crossing ? migrate_now(common, std::move(*crossing)) : crossing.error();
  }
  auto crossing = crossing_of_uris(options);
  return crossing ? migrate_now(common, std::move(*crossing)) : tell(common, crossing.error());
}

}  // namespace pgpassage::app
