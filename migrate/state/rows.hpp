#pragma once

#include <vector>

#include "migrate/state/record.hpp"
#include "migrate/state/sqlite.hpp"

/// Rows of the ledger's tables as records. Each function takes the columns in the order of the query beside it.
namespace pgpassage::migrate {

using sqlite::Statement;

extern const char* const migration_columns;  ///< without WHERE
extern const char* const databases_query;    ///< of the migration that is its parameter
extern const char* const tables_query;       ///< likewise

MigrationRecord migration_at(const Statement& row);
DatabaseRecord database_at(const Statement& row);
TableRecord table_at(const Statement& row);
EventRecord event_at(const Statement& row);
ValidationRecord validation_at(const Statement& row);
VerificationRecord verification_at(const Statement& row);

/// Every row of a statement whose one parameter is the migration.
template <class Record, class Read>
Result<std::vector<Record>> rows_of(sqlite3* database, const char* sql, MigrationId id, Read read) {
  auto statement = Statement::prepare(database, sql);
  if (!statement) return tl::unexpected(statement.error());
  *statement << id;
  std::vector<Record> records;
  while (true) {
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return records;
    records.push_back(read(*statement));
  }
}

template <class Record, class Read>
Result<void> fill(std::vector<Record>& into, sqlite3* database, const char* sql, MigrationId id, Read read) {
  auto records = rows_of<Record>(database, sql, id, read);
  if (!records) return tl::unexpected(records.error());
  into = std::move(*records);
  return {};
}

}  // namespace pgpassage::migrate
