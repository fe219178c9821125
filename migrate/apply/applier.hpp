#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "migrate/cdc/batch/batch.hpp"
#include "migrate/cdc/sql/target.hpp"
#include "migrate/pg/session.hpp"

/// Batches of changes to the target, each source transaction exactly once. Live.
namespace pgpassage::migrate {

/// What was done, and which way.
struct Applied {
  std::uint64_t inserts = 0;  ///< changes of the source, not statements
  std::uint64_t updates = 0;
  std::uint64_t deletes = 0;
  std::uint64_t truncates = 0;     ///< tables
  std::uint64_t transactions = 0;  ///< of the source
  std::uint64_t sets = 0;          ///< batches of one table that were applied as a set
  std::uint64_t in_order = 0;      ///< and those that were applied row by row
};

/// One target database. Its progress is a row of pgpassage.progress there, written in the transaction that it speaks
/// of: whatever dies when, a source transaction is applied once.
///
/// Triggers and foreign keys stay silent where the login may set session_replication_role; where it may not, the caller
/// has disabled or deferred them. A row that is not there to be changed is Errc::differs: nothing is passed over.
/// After an error the session is closed, and the target has nothing of the transaction: open another one, and go on
/// behind `applied`.
class Applier {
 public:
  /// `slot` tells apart what several migrations do to one database.
  static boost::asio::awaitable<Result<Applier>> open(Session target, cdc::TargetTables tables, std::string slot);

  /// Behind the last source transaction that the target has for good; none: it has none.
  cdc::Lsn applied() const { return applied_; }
  const Applied& counters() const { return counters_; }
  bool silent() const { return silent_; }  ///< session_replication_role is replica
  cdc::KeyOf key_of() const;

  /// Applies and clears the batch; commits when it ends with a whole transaction, else the next one goes on.
  boost::asio::awaitable<Result<void>> apply(cdc::Batch& batch);

  /// Removes the row, and the schema when it was the last.
  boost::asio::awaitable<Result<void>> forget();

 private:
  Applier(Session session, cdc::TargetTables tables, std::string slot)
      : session_{std::move(session)}, tables_{std::move(tables)}, slot_{std::move(slot)} {}
  boost::asio::awaitable<Result<void>> prepare();
  boost::asio::awaitable<Result<void>> apply_tables(std::vector<cdc::TableChanges> tables);
  boost::asio::awaitable<Result<void>> truncate(const std::vector<cdc::TableChanges>& tables);
  boost::asio::awaitable<Result<void>> apply_table(const cdc::TableChanges& changes);
  boost::asio::awaitable<Result<void>> apply_set(const cdc::TargetTable& table, const cdc::TableChanges& changes);
  boost::asio::awaitable<Result<void>> apply_in_order(const cdc::TargetTable& table, const cdc::TableChanges& changes);
  boost::asio::awaitable<Result<void>> commit(cdc::Lsn end);
  void count(const cdc::TableChanges& changes);

  Session session_;
  cdc::TargetTables tables_;
  std::string slot_;
  cdc::Lsn applied_;
  Applied counters_;
  bool silent_ = false;
  bool open_ = false;  // a transaction of ours
};

}  // namespace pgpassage::migrate
