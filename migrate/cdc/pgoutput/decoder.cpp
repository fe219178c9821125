#include "migrate/cdc/pgoutput/decoder.hpp"

#include "migrate/cdc/pgoutput/bytes.hpp"

namespace pgpassage::migrate::cdc {
namespace {

constexpr std::uint8_t truncate_cascade = 1;
constexpr std::uint8_t truncate_restart_identity = 2;

std::string kind_shown(char kind) {
  return kind > ' ' && kind <= '~' ? fmt::format("'{}'", kind)
                                   : fmt::format("0x{:02x}", static_cast<std::uint8_t>(kind));
}

Column read_column(ByteReader& bytes) {
  Column column;
  column.in_identity = (bytes.byte() & 1) != 0;
  column.name = bytes.text();
  column.type = bytes.word();
  column.modifier = static_cast<std::int32_t>(bytes.word());
  return column;
}

LogicalMessage read_logical_message(ByteReader& bytes) {
  LogicalMessage message;
  message.transactional = (bytes.byte() & 1) != 0;
  message.lsn = bytes.lsn();
  message.prefix = bytes.text();
  message.content = bytes.block(bytes.word());
  return message;
}

Value read_value(ByteReader& bytes) {
  using Kind = Value::Kind;
  switch (bytes.byte()) {
    case 'n': return {};
    case 'u': return {nullptr, 0, Kind::unchanged};
    case 't': return Value::of(bytes.block(bytes.word()));
    case 'b': {
      Value value = Value::of(bytes.block(bytes.word()));
      value.kind = Kind::binary;
      return value;
    }
    default: bytes.fail(); return {};
  }
}

}  // namespace

Result<const Change*> PgoutputDecoder::read(const Message& message) {
  ByteReader bytes{message.payload};
  const char kind = static_cast<char>(bytes.byte());
  const bool was_streaming = streaming_;
  read_what(kind, bytes);
  if (!bytes.broken()) return &change_;
  streaming_ = was_streaming;
  return fail(Errc::unsupported, "the change stream of pgoutput has {} message of {} bytes at {} that cannot be read",
              kind_shown(kind), message.payload.size(), message.lsn.to_string());
}

void PgoutputDecoder::read_what(char kind, ByteReader& bytes) {
  change_.xid = 0;
  if (read_transaction(kind, bytes) || read_prepared(kind, bytes) || read_stream(kind, bytes)) return;
  if (streaming_ && kind != 'O') change_.xid = bytes.word();
  switch (kind) {
    case 'I':
    case 'U':
    case 'D': return read_row(kind, bytes);
    case 'R': return read_relation(bytes);
    case 'T': return read_truncate(bytes);
    case 'M': change_.what = read_logical_message(bytes); return;
    case 'O':
    case 'Y': change_.what = Ignored{}; return;
    default: bytes.fail();
  }
}

bool PgoutputDecoder::read_transaction(char kind, ByteReader& bytes) {
  if (kind == 'B') {
    Begin begin;
    begin.commit = bytes.lsn();
    begin.time = bytes.time();
    begin.xid = bytes.word();
    change_.what = begin;
  } else if (kind == 'C' || kind == 'c') {
    Commit commit;
    commit.streamed = kind == 'c';
    if (commit.streamed) commit.xid = bytes.word();
    bytes.byte();  // flags, none defined yet
    commit.commit = bytes.lsn();
    commit.end = bytes.lsn();
    commit.time = bytes.time();
    change_.what = commit;
  } else {
    return false;
  }
  return true;
}

bool PgoutputDecoder::read_prepared(char kind, ByteReader& bytes) {
  if (kind != 'b' && kind != 'P' && kind != 'p' && kind != 'K' && kind != 'r') return false;
  if (kind != 'b') bytes.byte();   // flags, none defined yet
  const Lsn record = bytes.lsn();  // of 'r' the end of the prepare record, else where the record itself begins
  const Lsn end = bytes.lsn();
  if (kind == 'r') bytes.time();  // when it was prepared
  const Time time = bytes.time();
  const Xid xid = bytes.word();
  const std::string_view gid = bytes.text();
  switch (kind) {
    case 'b': change_.what = Begin{xid, record, time, gid}; break;
    case 'K': change_.what = CommitPrepared{xid, end, time, gid}; break;
    case 'r': change_.what = RollbackPrepared{xid, end, time, gid}; break;
    default: change_.what = Prepare{xid, end, time, gid, kind == 'p'};
  }
  return true;
}

bool PgoutputDecoder::read_stream(char kind, ByteReader& bytes) {
  if (kind == 'S') {
    if (streaming_) bytes.fail();
    streaming_ = true;
    const Xid xid = bytes.word();
    change_.what = StreamStart{xid, bytes.byte() == 1};
  } else if (kind == 'E') {
    if (!streaming_) bytes.fail();
    streaming_ = false;
    change_.what = StreamStop{};
  } else if (kind == 'A') {
    const Xid xid = bytes.word();
    change_.what = StreamAbort{xid, bytes.word()};  // 4 adds Lsn and time, which say nothing that is needed
  } else {
    return false;
  }
  return true;
}

void PgoutputDecoder::read_relation(ByteReader& bytes) {
  Relation relation;
  relation.oid = bytes.word();
  relation.schema = bytes.text();
  if (relation.schema.empty()) relation.schema = "pg_catalog";
  relation.name = bytes.text();
  relation.identity = static_cast<ReplicaIdentity>(bytes.byte());
  const std::size_t columns = bytes.short_number();
  for (std::size_t i = 0; i < columns && !bytes.broken(); ++i) relation.columns.push_back(read_column(bytes));
  if (bytes.broken()) return;
  const Relation*& current = current_[relation.oid];
  // Servers describe a relation again after every invalidation: one that is as it was stays the same object.
  if (current == nullptr || !(*current == relation)) current = &relations_.emplace_back(std::move(relation));
  change_.what = Described{current};
  last_ = nullptr;
}

void PgoutputDecoder::read_row(char kind, ByteReader& bytes) {
  const Relation* relation = relation_of(bytes);
  if (relation == nullptr) return;
  char tuple = static_cast<char>(bytes.byte());
  Row old;
  if (kind != 'I' && (tuple == 'K' || tuple == 'O')) {
    old = read_tuple(bytes, *relation, old_);
    if (kind == 'D') {
      change_.what = Delete{relation, old};
      return;
    }
    tuple = static_cast<char>(bytes.byte());
  }
  if (tuple != 'N' || kind == 'D') {
    bytes.fail();
    return;
  }
  const Row row = read_tuple(bytes, *relation, new_);
  if (kind == 'I')
    change_.what = Insert{relation, row};
  else
    change_.what = Update{relation, old, row};
}

void PgoutputDecoder::read_truncate(ByteReader& bytes) {
  const std::size_t count = bytes.word();
  const std::uint8_t options = bytes.byte();
  truncated_.clear();
  for (std::size_t i = 0; i < count && !bytes.broken(); ++i) truncated_.push_back(relation_of(bytes));
  change_.what = Truncate{truncated_, (options & truncate_cascade) != 0, (options & truncate_restart_identity) != 0};
}

Row PgoutputDecoder::read_tuple(ByteReader& bytes, const Relation& relation, std::vector<Value>& values) {
  const std::size_t count = bytes.short_number();
  if (count != relation.columns.size()) bytes.fail();
  values.resize(relation.columns.size());
  for (Value& value : values) value = read_value(bytes);
  return values;
}

const Relation* PgoutputDecoder::relation_of(ByteReader& bytes) {
  const Oid oid = bytes.word();
  if (last_ != nullptr && last_->oid == oid) return last_;
  const auto found = current_.find(oid);
  if (found == current_.end()) {
    bytes.fail();
    return nullptr;
  }
  return last_ = found->second;
}

}  // namespace pgpassage::migrate::cdc
