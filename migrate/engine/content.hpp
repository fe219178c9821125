#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/sessions.hpp"
#include "migrate/plan/catalog.hpp"
#include "migrate/plan/script.hpp"
#include "migrate/schema/program.hpp"

/// What one source database holds, under one snapshot. Live, reads only.
namespace pgpassage::migrate {

struct SourceContent {
  Catalog catalog;
  std::vector<SchemaEntry> entries;
  std::vector<std::string> left_out;  ///< by the filter's consequences, without being named by it
};

/// Takes the snapshot, reads the catalog, locks the tables, and lets pg_dump read the schema; then the request's filter
/// is applied. `sessions` hold snapshot and locks from then on.
boost::asio::awaitable<Result<SourceContent>> read_content(CopySessions& sessions, const Request& request,
                                                           const ClientPrograms& programs, std::string database);

using TableRanges = std::vector<std::vector<std::string>>;  ///< of each table: conditions that part its rows

/// Cuts large tables into as many ranges as `streams` can use.
boost::asio::awaitable<Result<TableRanges>> ranges_of(CopySessions& sessions, const Catalog& catalog, unsigned streams,
                                                      Cutting cutting);

/// How many pieces each table has.
std::vector<std::size_t> pieces_of(const TableRanges& ranges);

}  // namespace pgpassage::migrate
