#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "migrate/cdc/batch/arena.hpp"
#include "migrate/cdc/change.hpp"

namespace pgpassage::migrate::cdc {

/// One change as it came, for applying row by row. Rows have a value per column of `relation`.
struct RowChange {
  enum class Kind : std::uint8_t { insert, update, remove };

  const Relation* relation = nullptr;
  Row old;  ///< as in Update and Delete
  Row row;
  Kind kind = Kind::insert;
};

/// Rows to change in one statement: the same columns of each.
struct UpdatedRows {
  std::vector<std::uint16_t> columns;  ///< positions in the relation, ascending
  std::vector<Row> keys;               ///< as they were before the batch, a value per key column
  std::vector<Row> rows;
};

/// What a batch comes to in one table: delete, then update, then insert. The three never meet in a row; they can meet
/// in a value that another unique index covers, which the server then refuses: that is when `in_order` is applied
/// instead, with the same result.
struct TableChanges {
  const Relation* relation = nullptr;
  std::vector<std::uint16_t> key;  ///< positions of what identifies a row; empty: nothing does
  bool truncated = false;          ///< before everything else here
  bool restart_identity = false;
  bool as_set = true;        ///< false: only `in_order` says what happened
  std::vector<Row> deletes;  ///< keys, as they were before the batch
  std::vector<UpdatedRows> updates;
  std::vector<Row> inserts;
  std::vector<RowChange> in_order;
};

/// Gathers the changes of one table, in commit order, and merges those of one row.
class TableBatch {
 public:
  /// `key`: positions in `relation` of the columns that identify a row in the old values of its changes.
  TableBatch(const Relation& relation, std::vector<std::uint16_t> key, Arena& arena);

  /// Rows that the arena keeps. A change under another description of the table ends the merging.
  void add(const RowChange& change);
  void truncate(bool restart_identity);
  bool empty() const { return !changes_.truncated && changes_.in_order.empty(); }

  /// Ends the gathering.
  TableChanges take();

 private:
  /// What the changes of one row come to.
  struct Merged {
    std::string_view original;  // its key on the target; empty: the batch inserted it
    Row original_key;
    std::string_view key;
    std::span<Value> row;  // what is `unchanged` here the batch never touched
    bool alive = true;
  };

  std::string_view text_of(Row key);
  Row key_of(Row row, Row otherwise);
  bool identifies(Row key) const;
  void merge(const RowChange& change);
  void merge_insert(Row row);
  void merge_update(const RowChange& change);
  void merge_delete(Row old);
  Merged& existing(Row key, std::string_view text);
  void settle(Merged& row);
  void settle_update(const Merged& row, bool key_changed);
  void give_up() { changes_.as_set = false; }

  Arena& arena_;
  TableChanges changes_;
  std::vector<std::uint16_t> shape_;
  std::deque<Merged> rows_;
  std::unordered_map<std::string_view, Merged*> by_key_;  // rows that are alive, by the key they have now
};

}  // namespace pgpassage::migrate::cdc
