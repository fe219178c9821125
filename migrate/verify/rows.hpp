#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/verify/shape.hpp"
#include "migrate/verify/tables.hpp"

/// Inside of verify: which rows of a table differ. Live.
namespace pgpassage::migrate {

/// One side of the search.
struct RowSearch {
  const Types& types;
  const TableShape& table;  ///< columns and key in the same order on both sides
};

/// The first few rows that differ, a line each: "row (7) is missing on the target". A row is called by its primary key,
/// or, where there is none, by its digest; the rest of it is never shown.
///
/// Both sides split their rows by a hash of the key into some thousands of parts, and of each part that differs the
/// rows are compared: two more scans of the table, and memory for one part. `rows`: roughly how many there are.
boost::asio::awaitable<Result<std::vector<std::string>>> differing_rows(Readers& readers, RowSearch source,
                                                                        RowSearch target, DigestForm form,
                                                                        std::int64_t rows);

}  // namespace pgpassage::migrate
