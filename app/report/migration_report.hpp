#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "app/report/text_style.hpp"
#include "migrate/state/record.hpp"

/// A migration, or all of them, for people and for scripts (contract 5). Pure: `now` is an argument.
namespace pgpassage::app {

/// `list`: newest first, as they come, with the columns of contract 5. One line each where the width allows.
std::string render_list_text(const std::vector<migrate::MigrationRecord>& migrations, migrate::Time now,
                             const TextStyle& style);
std::string render_list_json(const std::vector<migrate::MigrationRecord>& migrations, migrate::Time now);

/// `show`: the answer first, then databases, validation, verification, and what happened when.
std::string render_migration_text(const migrate::MigrationDetail& detail, migrate::Time now, const TextStyle& style);
boost::json::object migration_json(const migrate::MigrationDetail& detail, migrate::Time now);
std::string render_migration_json(const migrate::MigrationDetail& detail, migrate::Time now);

/// `report NAME`, for an auditor: show with every validation, every table, the content hashes, and who wrote it when.
/// The JSON of show has all of this.
std::string render_migration_report_text(const migrate::MigrationDetail& detail, migrate::Time now,
                                         const TextStyle& style);

/// One `verify`.
struct VerificationReport {
  std::string title;                 ///< the migration's name, or both servers
  std::string name;                  ///< of the migration; empty for two URIs
  bool network_checked = false;      ///< false is said
  std::vector<std::string> remarks;  ///< what has to be known before the result is believed, one sentence each
  bool moved_nothing = false;        ///< the migration never copied, which the first remark says: it comes first
  migrate::Verification found;
};

/// The verdict sentence, then every difference, then the table to sign.
std::string render_verification_text(const VerificationReport& report, const TextStyle& style);
std::string render_verification_json(const VerificationReport& report);

/// The state of a database or table in words: what an ended migration never began with is not queued.
std::string state_text(migrate::WorkState state, bool ended);

/// "2025-02-07T10:00:00Z", "1 h 02 min", "1.5 GB": shared with the live display.
std::string utc_text(migrate::Time time);
std::string duration_text(std::chrono::milliseconds duration);
std::string bytes_text(double bytes);
/// Of what is left at the database's present rate; absent when it cannot be told.
std::optional<std::chrono::seconds> time_left(const migrate::DatabaseRecord& database);

}  // namespace pgpassage::app
