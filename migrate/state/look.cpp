#include <algorithm>

#include "migrate/state/rows.hpp"
#include "migrate/state/store.hpp"

namespace pgpassage::migrate {

using sqlite::Transaction;

namespace {

/// Items and notes, each of the migration's own comparison or of the later one that it names.
template <class Record>
struct OfComparison {
  std::optional<std::int64_t> comparison;
  Record record;
};

std::optional<std::int64_t> number_at(const Statement& row, int column) {
  return row.null(column) ? std::nullopt : std::optional{row.integer(column)};
}

Result<void> fill_verifications(MigrationDetail& detail, sqlite3* database, MigrationId id) {
  std::vector<std::int64_t> numbers;
  std::vector<OfComparison<VerificationRecord>> items;
  std::vector<OfComparison<std::string>> notes;
  auto done = fill(numbers, database, "SELECT id, time FROM comparisons WHERE migration = ? ORDER BY id", id,
                   [&](const Statement& row) {
                     detail.later_verifications.push_back({from_milliseconds(row.integer(1)), {}});
                     return row.integer(0);
                   });
  if (done)
    done =
        fill(items, database,
             "SELECT database, kind, name, source_rows, target_rows, source_hash, target_hash, identical, difference,"
             " compared, comparison FROM verifications WHERE migration = ? ORDER BY id",
             id, [](const Statement& row) {
               return OfComparison<VerificationRecord>{number_at(row, 10), verification_at(row)};
             });
  if (done)
    done = fill(notes, database, "SELECT text, comparison FROM verification_notes WHERE migration = ? ORDER BY id", id,
                [](const Statement& row) {
                  return OfComparison<std::string>{number_at(row, 1), row.text(0)};
                });
  if (!done) return done;
  const auto of = [&](const std::optional<std::int64_t>& comparison) -> Verification& {
    const auto at = comparison ? std::find(numbers.begin(), numbers.end(), *comparison) : numbers.end();
    if (at == numbers.end()) return detail.verification;
    return detail.later_verifications[static_cast<std::size_t>(at - numbers.begin())].found;
  };
  for (auto& [comparison, item] : items) of(comparison).items.push_back(std::move(item));
  for (auto& [comparison, note] : notes) of(comparison).notes.push_back(std::move(note));
  return {};
}

bool named(const MigrationRecord& record, std::string_view target, std::string_view name) {
  const Endpoint& end = record.request.target;
  return record.request.name == name && (target.empty() || target == end.host || target == end.server ||
                                         target == fmt::format("{}:{}", end.host, end.port));
}

}  // namespace

Result<std::vector<MigrationRecord>> Ledger::list() {
  const std::lock_guard lock{store_->mutex};
  if (auto settled = settle(store_->handle()); !settled) return tl::unexpected(settled.error());
  return load_migrations(store_->handle());
}

Result<MigrationId> Ledger::find(std::string_view text) {
  const auto records = list();
  if (!records) return tl::unexpected(records.error());
  const auto slash = text.rfind('/');
  const std::string_view target = slash == std::string_view::npos ? "" : text.substr(0, slash);
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  std::vector<const MigrationRecord*> found;
  for (const MigrationRecord& record : *records)
    if (named(record, target, name)) found.push_back(&record);
  if (found.empty())
    return fail_with_cure(Errc::not_found, "`pgpassage list` shows the names", "there is no migration named '{}' here",
                          text);
  if (found.size() == 1) return found.front()->id;
  std::string choices;
  for (const MigrationRecord* record : found)
    choices += fmt::format("{}{}:{}/{}", choices.empty() ? "" : ", ", record->request.target.host,
                           record->request.target.port, record->request.name);
  return fail_with_cure(Errc::input, fmt::format("say which: {}", choices), "'{}' names {} migrations", text,
                        found.size());
}

Result<MigrationDetail> Ledger::detail(MigrationId id) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  auto migration = load_migration(database, id);
  if (!migration) return tl::unexpected(migration.error());
  MigrationDetail detail{.migration = std::move(*migration)};
  // One transaction, so that the parts belong to one moment.
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = fill(detail.databases, database, databases_query, id, database_at); !done)
    return tl::unexpected(done.error());
  if (auto done = fill(detail.tables, database, tables_query, id, table_at); !done) return tl::unexpected(done.error());
  if (auto done =
          fill(detail.events, database, "SELECT time, text FROM events WHERE migration = ? ORDER BY id", id, event_at);
      !done)
    return tl::unexpected(done.error());
  if (auto done =
          fill(detail.validations, database,
               "SELECT database, type, rule, name, state, code, subject, message, evidence, cure FROM validations"
               " WHERE migration = ? ORDER BY id",
               id, validation_at);
      !done)
    return tl::unexpected(done.error());
  if (auto done = fill_verifications(detail, database, id); !done) return tl::unexpected(done.error());
  if (auto done = fill(detail.remaining, database, "SELECT text FROM remains WHERE migration = ? ORDER BY id", id,
                       [](const Statement& row) { return row.text(0); });
      !done)
    return tl::unexpected(done.error());
  return detail;
}

Result<MigrationDetail> Ledger::progress(MigrationId id, std::size_t seen) {
  const std::lock_guard lock{store_->mutex};
  sqlite3* database = store_->handle();
  if (auto settled = settle(database); !settled) return tl::unexpected(settled.error());
  // A reader's transaction: it neither waits for the migration nor lets it wait.
  if (auto begun = sqlite::run(database, "BEGIN"); !begun) return tl::unexpected(begun.error());
  auto read = [&]() -> Result<MigrationDetail> {
    auto migration = load_migration(database, id);
    if (!migration) return tl::unexpected(migration.error());
    MigrationDetail detail{.migration = std::move(*migration)};
    if (auto done = fill(detail.databases, database, databases_query, id, database_at); !done)
      return tl::unexpected(done.error());
    const std::string events =
        fmt::format("SELECT time, text FROM events WHERE migration = ? ORDER BY id LIMIT -1 OFFSET {}", seen);
    if (auto done = fill(detail.events, database, events.c_str(), id, event_at); !done)
      return tl::unexpected(done.error());
    return detail;
  }();
  if (auto ended = sqlite::run(database, "ROLLBACK"); !ended && read) return tl::unexpected(ended.error());
  return read;
}

}  // namespace pgpassage::migrate
