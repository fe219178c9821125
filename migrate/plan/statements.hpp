#pragma once

#include <string>

#include "migrate/plan/catalog.hpp"

/// The COPY statements of one stream. Pure.
namespace pgpassage::migrate {

struct CopyStatements {
  std::string lock;  ///< on the source: NOWAIT, since a queue behind somebody's ALTER TABLE would never end
  std::string out;   ///< on the source
  std::string in;    ///< on the target, with what comes before it in the same transaction
};

/// `range` is a condition of ctid_ranges or key_ranges, empty for the whole table. `whole`: the only stream of its
/// table, which is then truncated and loaded with FREEZE in one transaction.
CopyStatements copy_statements(const CopyTable& table, const std::string& range, bool whole);

}  // namespace pgpassage::migrate
