#pragma once

#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/verify/expression.hpp"

/// The tables of one database as verify needs them. Live.
namespace pgpassage::migrate {

struct TableShape {
  Oid oid = 0;
  std::string name;           ///< "schema.table", quoted where SQL needs it
  bool materialized = false;  ///< a materialized view that is populated
  std::vector<VerifyColumn> columns;
  std::string filter;            ///< WHERE clause of an extension's configuration table; empty: all rows
  std::int64_t pages = 0;        ///< what the planner believes, for the order of work
  std::vector<std::string> key;  ///< columns of the primary key
};

struct ComparedShape {
  int server_version = 0;
  std::string encoding;
  Types types;
  std::vector<TableShape> tables;  ///< ordinary tables, partitions and populated materialized views; no system,
                                   ///< temporary or foreign ones
  std::vector<std::string> sequences;
  std::vector<std::string> foreign_tables;  ///< their rows are elsewhere
};

boost::asio::awaitable<Result<ComparedShape>> compared_shape(Session& session);

/// count, and two sums of 64-bit slices of every row's digest: order does not matter, doubled rows do.
struct TableContent {
  std::int64_t rows = 0;
  std::string hash;

  bool operator==(const TableContent&) const = default;
};

/// The query whose one row is (count, sum, sum). `clock_timestamp()` keeps the planner from computing every digest
/// twice, without keeping it from a parallel scan.
std::string content_query(const Types& types, const TableShape& table, DigestForm form);

/// The same of what a materialized view would hold when refreshed now. `definition` is that of pg_get_viewdef.
std::string refreshed_query(const Types& types, const TableShape& view, const std::string& definition, DigestForm form);

/// Runs `content_query` in whatever transaction the session is in. Also used by resume, to keep a finished table.
boost::asio::awaitable<Result<TableContent>> table_content(Session& session, std::string query);

}  // namespace pgpassage::migrate
