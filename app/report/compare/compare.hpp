#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/report/document.hpp"
#include "netcheck/base/error.hpp"

/// Two JSON reports of the same subject, compared: what got better, worse, came and went. Pure.
namespace pgpassage::app {

/// From good to bad; what is accepted is neither.
enum class Standing { good, accepted, caution, undecided, bad };

/// One thing that a report judges.
struct JudgedItem {
  std::string kind;     ///< "check", "flow", "name", "validation", "verification"
  std::string subject;  ///< with the kind it names the item in both reports
  std::string state;    ///< the report's own word: "failed", "allowed, connected", "identical"
  Standing standing = Standing::good;
  std::string message;
};

/// What a comparison needs of a report.
struct ReadReport {
  std::string file;  ///< as the user wrote it
  std::string sha256;
  std::string name;     ///< of the topology or the migration
  std::string verdict;  ///< of a check; the state of a migration
  Standing standing = Standing::good;
  std::string edition, time, tool;  ///< empty: not in it
  bool of_migration = false;
  std::vector<JudgedItem> items;
};

/// Reads what `check`, `report` or `show` write with --format json. Errc::input for anything else.
Result<ReadReport> read_report(const std::string& file, const std::string& sha256, std::string_view text);

enum class Change { worse, appeared, better, changed, gone };

struct ChangedItem {
  Change change = Change::changed;
  std::optional<JudgedItem> before, after;  ///< absent: it is not in that report
};

struct ReportComparison {
  ReadReport before, after;
  std::vector<ChangedItem> changes;  ///< in the order of `Change`, each in the order of the reports
  std::size_t same = 0;

  bool got_worse() const;          ///< something is worse, or what came is bad
  bool brought_undecided() const;  ///< what came is undecided
};

/// Errc::input when one is of a check and the other of a migration.
Result<ReportComparison> compare_reports(ReadReport before, ReadReport after);

std::string_view word_of(Change change);  ///< "worse", "new", "better", "changed", "gone"
std::string sentence_of(const ReportComparison& comparison);

Document comparison_document(const ReportComparison& comparison);
boost::json::object comparison_json(const ReportComparison& comparison);
std::string render_comparison_text(const ReportComparison& comparison, const TextStyle& style);

}  // namespace pgpassage::app
