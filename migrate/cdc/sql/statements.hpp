#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "migrate/cdc/batch/table.hpp"
#include "migrate/cdc/sql/target.hpp"

/// The statements that apply a batch. Pure.
namespace pgpassage::migrate::cdc {

struct Statement {
  std::string sql;
  std::vector<std::optional<std::string>> parameters;  ///< absent: NULL
  std::size_t rows = 0;                                ///< that it must touch, or something is lost
};

/// Deletes, updates and inserts of many rows, one statement per shape, with an array per column. Every array is one of
/// text, and every value is cast on the target: an array of arrays would be unnested too far.
Result<std::vector<Statement>> set_statements(const TargetTable& table, const TableChanges& changes);

/// One change. A row without key is found by all of its values, compared as the target writes them, and of equal rows
/// one is taken.
Result<Statement> row_statement(const TargetTable& table, const RowChange& change);

/// TRUNCATE of all these at once: they may refer to each other. Never CASCADE: the source named all that it reached.
std::string truncate_statement(std::span<const TargetTable* const> tables, bool restart_identity);

}  // namespace pgpassage::migrate::cdc
