#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "netcheck/base/error.hpp"

/// SQLite as the ledger needs it: a handle, statements with bound values, one transaction at a time.
namespace pgpassage::migrate::sqlite {

struct Close {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;

Error error_of(sqlite3* database, std::string_view doing);

Result<Database> open(const std::filesystem::path& file);
Result<void> run(sqlite3* database, const char* sql);  ///< several statements, no parameters, no rows

/// One statement. Bind in order with `<<`; then `step` until it answers false. A failed bind is reported by `step`.
class Statement {
 public:
  static Result<Statement> prepare(sqlite3* database, const char* sql);

  Statement& operator<<(std::int64_t value);
  Statement& operator<<(int value) { return *this << static_cast<std::int64_t>(value); }
  Statement& operator<<(double value);
  Statement& operator<<(std::string_view value);  ///< copied
  Statement& operator<<(std::optional<std::int64_t> value);

  Result<bool> step();    ///< true: there is a row
  Result<void> finish();  ///< runs to the end, ignoring rows
  void again();           ///< ready for new values

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  double real(int column) const { return sqlite3_column_double(statement_.get(), column); }
  std::string text(int column) const;
  bool null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

 private:
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  int bind_result_ = SQLITE_OK;
};

/// BEGIN IMMEDIATE now, ROLLBACK at the end of scope unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(sqlite3* database);
  Transaction(Transaction&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(sqlite3* database) : database_{database} {}
  sqlite3* database_;
};

}  // namespace pgpassage::migrate::sqlite
