#pragma once

#include <string>
#include <vector>

#include "migrate/plan/catalog.hpp"

/// How a large table is cut into pieces that several streams copy. Pure.
namespace pgpassage::migrate {

/// Smallest and largest value of a table's integer key; absent for an empty table.
struct KeySpan {
  long long smallest = 0;
  long long largest = 0;
};

/// Which tables are cut, and how small the pieces may become.
struct Cutting {
  std::int64_t larger_than_bytes = std::int64_t{2} << 30;  ///< below, a second stream gains less than FREEZE saves
  std::int64_t piece_bytes = std::int64_t{512} << 20;
  bool always = false;  ///< also a table beside which the others keep every stream busy
};

/// As the operator wants tables cut that are larger: into pieces of that size, but no smaller than is worth a
/// statement.
Cutting cutting_above(std::int64_t bytes);

/// How many pieces: one unless the table is so large that one stream would be what the whole copy waits for.
int piece_count(const CopyTable& table, std::int64_t all_bytes, unsigned jobs, Cutting cutting = {});

/// Conditions that together hold for every row exactly once: "ctid >= '(0,0)' AND ctid < '(100,0)'". The last has no
/// upper end, for pages that were added since the table was measured. One piece: one empty condition.
/// Scanning by ctid range is cheap from PostgreSQL 14 on.
std::vector<std::string> ctid_ranges(std::int64_t pages, int pieces);

/// The same by an integer key that is never NULL; the first and the last are open.
std::vector<std::string> key_ranges(const std::string& key, KeySpan span, int pieces);

}  // namespace pgpassage::migrate
