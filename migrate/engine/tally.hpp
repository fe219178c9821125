#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "migrate/copy/stream.hpp"
#include "migrate/plan/catalog.hpp"
#include "migrate/state/record.hpp"

namespace pgpassage::migrate {

/// How far the tables of one database are. Streams report into it from their own strands. A table's share of the total
/// is the source's estimate until more was copied, or until its end, which is what was copied. No I/O.
class Tally {
 public:
  Tally(std::string database, const std::vector<CopyTable>& tables, const std::vector<std::size_t>& pieces, Time now);

  void begin(std::size_t table, Time now);
  void add(std::size_t table, std::int64_t bytes);
  /// The table's record when that was its last piece.
  std::optional<TableRecord> end_piece(std::size_t table, std::int64_t rows, Time now);
  /// A table whose rows an earlier run copied.
  void keep(std::size_t table, const TableRecord& record);
  TableRecord table(std::size_t table);
  void fail(std::size_t table, const std::string& error);
  /// What has begun and will not end, because somebody or another failure stopped it.
  void cancel();

  /// The database as it is at `now`; the rate is that of the time since the last call.
  DatabaseRecord database(Time now);
  /// The tables that changed since the last call.
  std::vector<TableRecord> changed_tables();

 private:
  struct Table {
    TableRecord record;
    Time started;
    std::size_t pieces_left = 0;
    std::int64_t expected_bytes = 0;  ///< its share of the total
    bool changed = false;
  };

  void expect(Table& table, std::int64_t bytes);
  void change(Table& table);

  std::mutex mutex_;
  DatabaseRecord total_;
  std::vector<Table> tables_;
  std::vector<Table*> changed_;
  Time rate_since_;
  std::int64_t rate_bytes_ = 0;
};

}  // namespace pgpassage::migrate
