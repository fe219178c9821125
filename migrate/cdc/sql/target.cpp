#include "migrate/cdc/sql/target.hpp"

#include <algorithm>

namespace pgpassage::migrate::cdc {

Result<const TargetTable*> target_of(const TargetTables& tables, const Relation& relation) {
  const auto found = tables.find({relation.schema, relation.name});
  if (found != tables.end()) return &found->second;
  return fail_with_cure(Errc::differs, "make on the target what was changed on the source, then resume",
                        "the source changes {}.{}, which the target does not have", relation.schema, relation.name);
}

Result<std::vector<const TargetColumn*>> columns_of(const TargetTable& table, const Relation& relation) {
  std::vector<const TargetColumn*> columns;
  for (const Column& column : relation.columns) {
    const auto found = std::ranges::find(table.columns, column.name, &TargetColumn::name);
    if (found == table.columns.end())
      return fail_with_cure(Errc::differs, "make on the target what was changed on the source, then resume",
                            "the source's {} has a column {}, which the target's does not have", table.quoted,
                            column.name);
    columns.push_back(found->generated ? nullptr : &*found);
  }
  return columns;
}

}  // namespace pgpassage::migrate::cdc
