#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "migrate/cdc/change.hpp"
#include "netcheck/base/error.hpp"

/// The target's tables as far as applying changes goes. Pure.
namespace pgpassage::migrate::cdc {

struct TargetColumn {
  std::string name;
  std::string quoted;
  std::string type;        ///< as format_type writes it, with its modifier
  bool generated = false;  ///< the target computes it
};

struct TargetTable {
  std::string quoted;  ///< with its schema
  std::vector<TargetColumn> columns;
  std::vector<std::string> key;  ///< see KeyOf
};

using TargetTables = std::map<std::pair<std::string, std::string>, TargetTable>;  ///< by schema and name

/// The table that changes of `relation` go to. Errc::differs when the target has none.
Result<const TargetTable*> target_of(const TargetTables& tables, const Relation& relation);

/// The target's column of each column of `relation`, null for one that it computes itself. Errc::differs when it has
/// no such column.
Result<std::vector<const TargetColumn*>> columns_of(const TargetTable& table, const Relation& relation);

}  // namespace pgpassage::migrate::cdc
