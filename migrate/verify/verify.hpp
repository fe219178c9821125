#pragma once

#include <set>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"
#include "migrate/plan/filter.hpp"
#include "migrate/state/record.hpp"
#include "migrate/verify/depth.hpp"
#include "migrate/verify/shape.hpp"

/// Compares one database on both servers (design 6). Live, reads only.
///
/// Exact on any pair of versions 9.5-18, under settings of `Session::connect`: every built-in type, arrays, composites,
/// domains, ranges and multiranges of them. By text, and therefore perhaps with a false difference between a server
/// before 12 and one from 12 on: base types of extensions whose output prints floats (cube, seg).
/// Not compared: foreign tables' rows (noted), statistics, extension versions and what extensions own (noted), roles
/// and other things outside the database. A materialized view is compared by its rows; where they differ, but the
/// target holds what the query gives now, the source's is stale, which is a note; so is one whose query depends on time
/// or chance.
/// Each side is read in one REPEATABLE READ transaction on one snapshot. An ordinary role does, as long as it may read
/// the tables: what it may not read is reported as not compared, never as identical.
namespace pgpassage::migrate {

struct VerifyRequest {
  ServerAddress source;
  ServerAddress target;
  std::string database;
  unsigned jobs = 0;             ///< tables at once; 0: four
  std::string source_snapshot;   ///< of pg_export_snapshot(); empty: verify makes its own
  Deadline connect_deadline;     ///< for opening the sessions
  Filter filter = {};            ///< what was moved: nothing else is compared, see scope.hpp
  std::int64_t widest_text = 0;  ///< longer texts are digested in another way; 0: from PostgreSQL's 1 GB on
  VerifyDepth depth = VerifyDepth::full;
};

struct TableComparison {
  std::string name;
  bool materialized = false;  ///< a materialized view
  TableContent source, target;
  bool identical = false;
  bool compared = true;    ///< false: it could not be read; `difference` says why
  std::string difference;  ///< "12 rows are missing on the target"
  std::string next_query;  ///< to run on both sides and compare, line by line
  std::string note;        ///< what was seen, and is no difference
  bool omitted = false;    ///< cannot be compared by its nature; `note` says why, and it is not in the result
};

struct ItemComparison {
  std::int64_t source_count = 0, target_count = 0;
  std::string source_hash, target_hash;  ///< large objects only
  std::vector<std::string> differences;  ///< one line each
  bool compared = true;

  bool identical() const { return compared && differences.empty(); }
};

struct DatabaseComparison {
  std::string database;
  bool compared = true;  ///< false: VerifyDepth::none
  std::vector<TableComparison> tables;
  ItemComparison sequences, large_objects, schema;
  std::vector<std::string> notes;  ///< what was seen, and is no difference

  bool identical() const;
  bool complete() const;  ///< everything could be read
  bool differs() const;   ///< something that could be read is not the same
};

/// Nothing is compared, and a note says so, with VerifyDepth::none.
/// Errors: a session that cannot be opened or breaks, or a catalog that cannot be read.
boost::asio::awaitable<Result<DatabaseComparison>> verify_database(VerifyRequest request);

/// What of a database is the same on both sides: the names of those of `tables` whose rows are, and whether all large
/// objects are. What cannot be read is not the same. Errors: a session that cannot be opened or breaks.
struct SameContent {
  std::vector<std::string> tables;
  bool large_objects = false;
};
boost::asio::awaitable<Result<SameContent>> same_content(VerifyRequest request, std::set<std::string> tables);

/// The same as the ledger keeps it.
std::vector<VerificationRecord> to_records(const DatabaseComparison& comparison);
/// With the notes, each after the database's name.
Verification to_verification(const DatabaseComparison& comparison);

}  // namespace pgpassage::migrate
