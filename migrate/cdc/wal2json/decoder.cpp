#include "migrate/cdc/wal2json/decoder.hpp"

#include <utility>

#include "migrate/cdc/wal2json/fields.hpp"

namespace pgpassage::migrate::cdc {

class Wal2jsonDecoder::Reading {
 public:
  explicit Reading(Wal2jsonOptions options) : reader_{options.numbers_as_text} {}

  const Change* read(const Message& message) {
    Fields fields;
    if (!reader_.read(message.payload, fields) || !read_what(fields, message.lsn)) return nullptr;
    return &change_;
  }

 private:
  bool read_what(const Fields& fields, Lsn lsn);
  bool read_row(const Fields& fields);
  Row arranged(const std::vector<NamedValue>& named, Value missing, std::vector<Value>& row) const {
    return DescribedTables::arrange(*relation_, named, missing, row);
  }

  FieldReader reader_;
  DescribedTables tables_;
  const Relation* relation_ = nullptr;
  std::vector<Value> old_;
  std::vector<Value> new_;
  Change change_;
};

bool Wal2jsonDecoder::Reading::read_what(const Fields& fields, Lsn lsn) {
  switch (fields.action) {
    case 'B': change_.what = Begin{fields.xid, fields.lsn, fields.time, {}}; return true;
    case 'C':
      change_.what = Commit{fields.xid, fields.lsn, fields.next_lsn.value == 0 ? lsn : fields.next_lsn, fields.time};
      return true;
    case 'M': change_.what = LogicalMessage{fields.transactional, lsn, fields.prefix, fields.content}; return true;
    case 'I':
    case 'U':
    case 'D': return !fields.table.empty() && read_row(fields);
    case 'T':
      if (fields.table.empty()) return false;
      relation_ = tables_.find(fields.schema, fields.table);
      change_.what = Truncate{{&relation_, 1}};
      return true;
    default: return false;
  }
}

bool Wal2jsonDecoder::Reading::read_row(const Fields& fields) {
  using Columns = DescribedTables::Columns;
  if ((fields.action != 'D') != fields.has_columns) return false;
  relation_ = tables_.find(fields.schema, fields.table);
  if (fields.has_columns)
    relation_ = tables_.learn(relation_, reader_.columns, fields.action == 'I' ? Columns::all : Columns::some);
  relation_ = tables_.learn(relation_, reader_.identity, Columns::some);
  const Value untouched{nullptr, 0, Value::Kind::unchanged};
  const Row old = fields.has_identity ? arranged(reader_.identity, {}, old_) : Row{};
  if (fields.action == 'D') {
    change_.what = Delete{relation_, old};
    return true;
  }
  const Row row = arranged(reader_.columns, untouched, new_);
  if (fields.action == 'I')
    change_.what = Insert{relation_, row};
  else
    change_.what = Update{relation_, old, row};
  return true;
}

Wal2jsonDecoder::Wal2jsonDecoder(Wal2jsonOptions options) : reading_{std::make_unique<Reading>(options)} {}
Wal2jsonDecoder::Wal2jsonDecoder(Wal2jsonDecoder&&) noexcept = default;
Wal2jsonDecoder& Wal2jsonDecoder::operator=(Wal2jsonDecoder&&) noexcept = default;
Wal2jsonDecoder::~Wal2jsonDecoder() = default;

Result<const Change*> Wal2jsonDecoder::read(const Message& message) {
  if (const Change* change = reading_->read(message)) return change;
  return fail(Errc::unsupported, "the change stream of wal2json has an object of {} bytes at {} that cannot be read",
              message.payload.size(), message.lsn.to_string());
}

}  // namespace pgpassage::migrate::cdc
