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
  bool by_name = false;       ///< its columns are compared by their names: `inherits_columns`
  std::vector<VerifyColumn> columns;
  std::string filter;            ///< WHERE clause of an extension's configuration table; empty: all rows
  std::int64_t pages = 0;        ///< what the planner believes, for the order of work
  std::vector<std::string> key;  ///< columns of the primary key
};

struct ComparedShape {
  int server_version = 0;
  std::string encoding;
  std::string text_hash;  ///< what hashtextextended makes of one text, which another byte order makes otherwise; empty:
                          ///< no such function, before 11
  Types types;
  std::vector<TableShape> tables;  ///< ordinary tables, partitions and populated materialized views; no system,
                                   ///< temporary or foreign ones
  std::vector<std::string> sequences;
  std::vector<std::string> foreign_tables;  ///< their rows are elsewhere
};

/// Condition on pg_class `c`: a table that inherits and is no partition. CREATE TABLE puts its inherited columns first,
/// while a column that its parent got later came last: pg_dump cannot repeat that order, and nothing but `SELECT *` and
/// INSERT without a column list sees it. Not so where a column has the table's row as its type.
std::string inherits_columns(int version);

boost::asio::awaitable<Result<ComparedShape>> compared_shape(Session& session);

/// count, and the sum of every row's digest: order does not matter, doubled rows do. `hash` is empty where rows were
/// only counted.
struct TableContent {
  std::int64_t rows = 0;
  std::string hash;

  bool operator==(const TableContent&) const = default;
};

/// The query whose one row is (count, sum).
std::string content_query(const Types& types, const TableShape& table, DigestForm form);

/// The same of what a materialized view would hold when refreshed now. `definition` is that of pg_get_viewdef.
std::string refreshed_query(const Types& types, const TableShape& view, const std::string& definition, DigestForm form);

/// Runs `content_query` in whatever transaction the session is in. Also used by resume, to keep a finished table.
boost::asio::awaitable<Result<TableContent>> table_content(Session& session, std::string query);

}  // namespace pgpassage::migrate
