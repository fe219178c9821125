#pragma once

#include <string>
#include <vector>

#include "migrate/cdc/change.hpp"
#include "migrate/cdc/text/tables.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::migrate::cdc {

class TextScanner;

/// Reads the lines of test_decoding, with or without include-xids and include-timestamp, without stream-changes (its
/// streamed blocks leave the changes out).
///
/// An UPDATE whose identity changed and one of a table with REPLICA IDENTITY FULL look the same ("old-key:"); both have
/// their old values, and NULL where the line leaves a column out. Errc::unsupported for any other line.
/// Source: contrib/test_decoding of PostgreSQL 9.5 to 18.
class TestDecodingDecoder {
 public:
  /// Holds until the next call.
  Result<const Change*> read(const Message& message);

 private:
  void read_line(TextScanner& line, Lsn lsn);
  void read_table(TextScanner& line);
  void read_truncate(TextScanner& line);
  void read_new(TextScanner& line);
  void read_update(TextScanner& line);
  void read_delete(TextScanner& line);
  std::string_view identifier(TextScanner& line);
  const Relation* table(TextScanner& line);
  void read_columns(TextScanner& line, std::vector<NamedValue>& columns);
  Value value(TextScanner& line, std::string_view type);
  std::string_view quoted(TextScanner& line, char quote);

  Change change_;
  DescribedTables tables_;
  const Relation* relation_ = nullptr;
  std::vector<NamedValue> old_named_;
  std::vector<NamedValue> new_named_;
  std::vector<Value> old_;
  std::vector<Value> new_;
  std::vector<const Relation*> truncated_;
  std::string unquoted_;  // what had doubled quotes in the line being read; never grows beyond its reserved size
};

}  // namespace pgpassage::migrate::cdc
