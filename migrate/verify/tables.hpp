#pragma once

#include <tuple>

#include "migrate/verify/verify.hpp"

/// Inside of verify: tables, one after another, on several pairs of sessions.
namespace pgpassage::migrate {

/// A session on each side, each in a read-only transaction.
struct Readers {
  Session source, target;
};

DigestForm digest_form(const ComparedShape& source, const ComparedShape& target);

/// Runs one read on both servers at once.
boost::asio::awaitable<std::tuple<Result<Rows>, Result<Rows>>> query_both(Readers& readers, std::string source_sql,
                                                                          std::string target_sql);

/// Every table of either side; `counted`: by its number of rows alone. An error means that a session broke; a table
/// that cannot be read is a result.
boost::asio::awaitable<Result<std::vector<TableComparison>>> compare_tables(std::vector<Readers>& readers,
                                                                            const ComparedShape& source,
                                                                            const ComparedShape& target,
                                                                            std::int64_t widest_text, bool counted);

}  // namespace pgpassage::migrate
