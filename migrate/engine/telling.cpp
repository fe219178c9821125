#include "migrate/engine/telling.hpp"

#include "migrate/log.hpp"

namespace pgpassage::migrate {
namespace {

using Clock = std::chrono::system_clock;

double seconds_since(Time time) { return std::chrono::duration<double>(Clock::now() - time).count(); }

}  // namespace

DatabaseTelling::DatabaseTelling(const Observer& observer, std::string database, std::vector<std::string>& remaining)
    : observer_{observer}, database_{std::move(database)}, remaining_{remaining}, started_{Clock::now()} {}

void DatabaseTelling::phase(std::string name) {
  phase_ = std::move(name);
  log().debug("phase begins database={} phase={}", database_, phase_);
  if (observer_.database) observer_.database(record());
}

void DatabaseTelling::schema_restored(std::size_t tables, std::size_t entries) {
  log().info("schema restored database={} tables={} entries={} took={:.1f}s", database_, tables, entries,
             seconds_since(started_));
  if (observer_.note)
    observer_.note(fmt::format("schema of {} is on the target: {} tables", quote_identifier(database_), tables));
}

void DatabaseTelling::begin_rows(const std::vector<CopyTable>& tables, const std::vector<std::size_t>& pieces) {
  tally_ = std::make_unique<Tally>(database_, tables, pieces, Clock::now());
}

void DatabaseTelling::tell() {
  if (observer_.database) observer_.database(record());
  tell_tables();
}

void DatabaseTelling::tell_tables() {
  if (!tally_) return;
  const auto changed = tally_->changed_tables();
  if (observer_.tables && !changed.empty()) observer_.tables(changed);
}

void DatabaseTelling::lost(const Error& error) {
  log().warn("connection lost database={} error={}", database_, loggable(error));
  if (observer_.note)
    observer_.note(fmt::format("{} waits for its servers: {}", quote_identifier(database_), error.message));
  if (tally_) tally_->cancel();
  phase("reconnecting");
  tell_tables();
}

void DatabaseTelling::end(const Result<void>& done) {
  remaining_.insert(remaining_.end(), remarks_.begin(), remarks_.end());
  if (done) return finish(WorkState::in_progress, {});
  const Error& error = done.error();
  if (tally_) tally_->cancel();
  if (error.code == Errc::canceled) return finish(WorkState::canceled, {});
  finish(WorkState::failed, {error.message, error.sqlstate, error.cure});
}

Remark DatabaseTelling::remark() {
  return [this](const std::string& text, const std::string& sqlstate) {
    // Its text quotes the server, which may quote what a comment or a function says.
    log().warn("the target took something otherwise database={} sqlstate={}", database_,
               sqlstate.empty() ? "none" : sqlstate);
    const std::lock_guard lock{remarks_mutex_};
    remarks_.push_back(fmt::format("{}: {}", quote_identifier(database_), text));
  };
}

DatabaseRecord DatabaseTelling::record() {
  DatabaseRecord result{.name = database_, .state = WorkState::in_progress, .started = started_};
  if (tally_) result = tally_->database(Clock::now());
  result.started = started_;
  result.phase = phase_;
  return result;
}

void DatabaseTelling::finish(WorkState state, const Trouble& trouble) {
  if (state == WorkState::in_progress) phase_ = "copied";
  DatabaseRecord result = record();
  result.state = state;
  result.error = trouble;
  if (state != WorkState::in_progress) result.ended = Clock::now();
  result.bytes_per_second = 0;
  log().info("copy ended database={} state={} tables={} rows={} bytes={} took={:.1f}s", database_, to_string(state),
             result.tables_done, result.rows_done, result.bytes_done, seconds_since(started_));
  if (observer_.database) observer_.database(result);
  tell_tables();
}

}  // namespace pgpassage::migrate
