#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "migrate/cdc/batch/table.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::migrate::cdc {

/// Names of the columns that identify a row of a table in the old values of its changes: those of the replica identity;
/// with REPLICA IDENTITY FULL those of the primary key, or none.
using KeyOf = std::function<std::vector<std::string>(const Relation&)>;

/// The changes of many transactions, in commit order, that go to the target in one of its transactions.
///
/// Pure. Memory is that of the changes, once: give it away when `bytes` says that it is enough. A transaction larger
/// than that is applied in several batches, of which only the last `ends`.
class Batch {
 public:
  explicit Batch(KeyOf key_of) : key_of_{std::move(key_of)} {}

  /// Takes what changes rows, and commits; the rest says nothing to a target. Errc::unsupported for a value that the
  /// plug-in could not write, and for streamed and prepared transactions, which must be put in commit order first.
  Result<void> add(const Change& change);

  std::size_t bytes() const { return arena_.bytes(); }
  std::size_t changes() const { return changes_; }
  std::size_t transactions() const { return transactions_; }  ///< that ended in this batch
  /// Behind the last transaction that it holds to the end; none: it only holds the beginning or middle of one.
  Lsn end() const { return end_; }
  bool ends() const { return !open_; }  ///< no transaction goes on in the next batch

  /// One entry per table that something happened to. They refer to this batch, and hold until `clear`.
  std::vector<TableChanges> take();
  void clear();

 private:
  Result<void> add_row(const Relation& relation, RowChange::Kind kind, Row old, Row row);
  TableBatch& table_of(const Relation& relation);

  KeyOf key_of_;
  Arena arena_;
  std::deque<TableBatch> tables_;
  std::map<std::pair<std::string, std::string>, TableBatch*> by_name_;
  std::unordered_map<const Relation*, TableBatch*> by_relation_;
  std::size_t changes_ = 0;
  std::size_t transactions_ = 0;
  Lsn end_;
  bool open_ = false;
};

}  // namespace pgpassage::migrate::cdc
