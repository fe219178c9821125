#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "migrate/cdc/text/tables.hpp"

namespace pgpassage::migrate::cdc {

/// One JSON object of wal2json as it stands there. Texts refer to the parser and to the arena of the FieldReader.
struct Fields {
  char action = 0;
  Xid xid = 0;
  Time time;
  Lsn lsn;
  Lsn next_lsn;
  bool transactional = true;
  std::string_view schema;
  std::string_view table;
  std::string_view prefix;
  std::string_view content;
  bool has_columns = false;
  bool has_identity = false;
};

/// Reads one object after the other into the same memory.
class FieldReader {
 public:
  explicit FieldReader(bool numbers_as_text) : numbers_as_text_{numbers_as_text} {}

  /// False: not JSON, or not wal2json's.
  bool read(std::string_view json, Fields& fields);

  std::vector<NamedValue> columns;
  std::vector<NamedValue> identity;

 private:
  using Item = simdjson::ondemand::value;
  bool read_field(std::string_view name, Item item, Fields& fields);
  bool read_text(std::string_view name, Item item, Fields& fields);
  bool read_columns(Item item, std::vector<NamedValue>& named);
  bool read_column(simdjson::ondemand::object object, NamedValue& column);
  bool read_value(Item item, Oid type, Value& value);
  Value text_of(std::string_view text, Oid type);

  simdjson::ondemand::parser parser_;
  std::string padded_;
  std::string bytea_;  // hexadecimal with its \x again; never grows beyond its reserved size
  bool numbers_as_text_;
};

}  // namespace pgpassage::migrate::cdc
