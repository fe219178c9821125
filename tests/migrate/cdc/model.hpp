#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "migrate/cdc/batch/batch.hpp"

/// A table as a server has it, as far as applying changes goes: rows in no order, and unique columns that are checked
/// at every row, like an index that is not deferrable.
namespace pgpassage::migrate::cdc {

using ModelRow = std::vector<std::optional<std::string>>;  ///< absent: NULL

class ModelTable {
 public:
  explicit ModelTable(std::vector<std::size_t> unique_columns = {}) : unique_{std::move(unique_columns)} {}

  /// False, and nothing done, when a unique value is there already.
  bool insert(const ModelRow& row);
  /// The first row equal to `old` in the columns given there. False: there is none, or the new row is refused.
  bool update(const ModelRow& old, const std::vector<std::size_t>& columns, const ModelRow& row);
  bool remove(const ModelRow& old, const std::vector<std::size_t>& columns);
  void truncate() { rows_.clear(); }

  std::vector<ModelRow>& rows() { return rows_; }
  std::vector<ModelRow> sorted() const;

 private:
  bool refused(const ModelRow& row, const ModelRow* but) const;
  ModelRow* find(const ModelRow& row, const std::vector<std::size_t>& columns);

  std::vector<std::size_t> unique_;
  std::vector<ModelRow> rows_;
};

/// Applies as the set; false when the table refused something, which then is half done.
bool apply_as_set(ModelTable& table, const TableChanges& changes);
/// Applies change by change.
bool apply_in_order(ModelTable& table, const TableChanges& changes);

}  // namespace pgpassage::migrate::cdc
