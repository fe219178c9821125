#include "migrate/state/sqlite.hpp"

#include <utility>

namespace pgpassage::migrate::sqlite {

namespace {

Errc code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_FULL: return Errc::disk_full;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return Errc::permission;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Errc::timed_out;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH: return Errc::internal;
    default: return Errc::io;
  }
}

}  // namespace

Error error_of(sqlite3* database, std::string_view doing) {
  const char* file = sqlite3_db_filename(database, "main");
  return {code_of(sqlite3_errcode(database)),
          fmt::format("{} in {} failed: {}", doing, file ? file : "the state file", sqlite3_errmsg(database)),
          {},
          {}};
}

Result<Database> open(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int result =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database{raw};
  if (result != SQLITE_OK) return tl::unexpected(error_of(raw, fmt::format("opening {}", file.string())));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 10'000);
  return database;
}

Result<void> run(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::unexpected(error_of(database, "a statement"));
  return {};
}

Result<Statement> Statement::prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &raw, nullptr) != SQLITE_OK)
    return tl::unexpected(error_of(database, "preparing a statement"));
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

Statement& Statement::operator<<(std::int64_t value) {
  bind_result_ |= sqlite3_bind_int64(statement_.get(), ++bound_, value);
  return *this;
}

Statement& Statement::operator<<(double value) {
  bind_result_ |= sqlite3_bind_double(statement_.get(), ++bound_, value);
  return *this;
}

Statement& Statement::operator<<(std::string_view value) {
  // A null pointer would bind NULL, and an empty string_view may hold one.
  bind_result_ |= sqlite3_bind_text(statement_.get(), ++bound_, value.data() ? value.data() : "",
                                    static_cast<int>(value.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::operator<<(std::optional<std::int64_t> value) {
  if (value) return *this << *value;
  bind_result_ |= sqlite3_bind_null(statement_.get(), ++bound_);
  return *this;
}

Result<bool> Statement::step() {
  if (bind_result_ != SQLITE_OK) return fail(Errc::internal, "a value did not fit its statement");
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: return tl::unexpected(error_of(sqlite3_db_handle(statement_.get()), "a statement"));
  }
}

Result<void> Statement::finish() {
  while (true) {
    const auto row = step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
  }
}

void Statement::again() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))) : "";
}

Result<Transaction> Transaction::begin(sqlite3* database) {
  // IMMEDIATE: a transaction that reads first and writes later could fail at the write without waiting.
  if (auto begun = run(database, "BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  return Transaction{database};
}

Transaction::~Transaction() {
  if (database_) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  auto done = run(database_, "COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace pgpassage::migrate::sqlite
