#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "migrate/cdc/lsn.hpp"

/// What a source's write-ahead log says, whichever plug-in said it. Pure values.
///
/// Everything here refers to memory of others: texts and rows to the message that was read and to the decoder that read
/// it, and hold until that decoder's next `read`; relations hold as long as the decoder.
namespace pgpassage::migrate::cdc {

using Xid = std::uint32_t;  ///< 0: the plug-in does not say
using Oid = std::uint32_t;  ///< 0: the plug-in does not say
/// PostgreSQL's own clock has microseconds; absent: the plug-in does not say.
using Time = std::optional<std::chrono::sys_time<std::chrono::microseconds>>;

/// One value of a row: sixteen bytes, because a batch holds millions.
struct Value {
  enum class Kind : std::uint8_t {
    null,
    text,        ///< as the type's output function writes it, with the settings of a Session
    binary,      ///< as its send function writes it
    unchanged,   ///< of an UPDATE: stored out of line (TOAST) and not touched, so the log does not have it
    unreadable,  ///< NULL, NaN or an infinity: the plug-in (wal2json before 2.6) does not say which
  };

  const char* data = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::null;

  static Value of(std::string_view text) { return {text.data(), static_cast<std::uint32_t>(text.size()), Kind::text}; }
  std::string_view bytes() const { return {data, size}; }
  /// Equal in kind and bytes: representations are compared, not what they mean.
  bool operator==(const Value& other) const { return kind == other.kind && bytes() == other.bytes(); }
};

using Row = std::span<const Value>;  ///< one value per column of its relation, in that order

struct Column {
  std::string name;
  Oid type = 0;                ///< 0: only `type_name` is known
  std::int32_t modifier = -1;  ///< atttypmod; -1: none, or the plug-in does not say
  std::string type_name;       ///< as format_type without modifier; empty: only `type` is known
  bool in_identity = false;    ///< of the replica identity, as far as the plug-in says (pgoutput does)

  bool operator==(const Column&) const = default;
};

enum class ReplicaIdentity : char { unknown = 0, key = 'd', nothing = 'n', full = 'f', index = 'i' };

/// A table as described at some point of the stream. A new description is a new object: never changed, and told from
/// the one before by its address.
struct Relation {
  Oid oid = 0;
  std::string schema;
  std::string name;
  ReplicaIdentity identity = ReplicaIdentity::unknown;
  std::vector<Column> columns;  ///< without generated columns where the plug-in leaves them out (pgoutput)

  bool operator==(const Relation&) const = default;
};

struct Begin {
  Xid xid = 0;
  Lsn commit;  ///< where the commit record (of a prepared one: the prepare record) begins; none: not said
  Time time;
  std::string_view gid;  ///< of a transaction that ends with Prepare; empty: it ends with Commit
};

struct Commit {
  Xid xid = 0;
  Lsn commit;  ///< none: not said
  Lsn end;     ///< just behind the commit record: what is confirmed to the source once this transaction is safe
  Time time;
  bool streamed = false;  ///< its changes came between StreamStart and StreamStop
};

struct Prepare {
  Xid xid = 0;
  Lsn end;
  Time time;
  std::string_view gid;
  bool streamed = false;
};

struct CommitPrepared {
  Xid xid = 0;
  Lsn end;
  Time time;
  std::string_view gid;
};

struct RollbackPrepared {
  Xid xid = 0;
  Lsn end;
  Time time;
  std::string_view gid;
};

/// Changes of a transaction that has not ended yet follow, up to StreamStop.
struct StreamStart {
  Xid xid = 0;
  bool first = false;  ///< whatever was kept of that transaction before (by an earlier connection) is void
};
struct StreamStop {};
/// Takes back the changes of `subtransaction`; of all of `xid` when they are equal.
struct StreamAbort {
  Xid xid = 0;
  Xid subtransaction = 0;
};

struct Described {
  const Relation* relation = nullptr;
};

struct Insert {
  const Relation* relation = nullptr;
  Row row;
};

struct Update {
  const Relation* relation = nullptr;
  Row old;  ///< empty: the identity did not change. Else the identity's old values and NULLs, with FULL all old values
  Row row;
};

struct Delete {
  const Relation* relation = nullptr;
  Row old;  ///< the identity's values and NULLs, with FULL all values; empty: the table has no identity
};

struct Truncate {
  std::span<const Relation* const> relations;  ///< those that CASCADE reached included
  bool cascade = false;
  bool restart_identity = false;
};

/// pg_logical_emit_message.
struct LogicalMessage {
  bool transactional = false;
  Lsn lsn;
  std::string_view prefix;
  std::string_view content;
};

/// What matters to nobody here: origins, descriptions of types.
struct Ignored {};

using What = std::variant<Ignored, Begin, Commit, Prepare, CommitPrepared, RollbackPrepared, StreamStart, StreamStop,
                          StreamAbort, Described, Insert, Update, Delete, Truncate, LogicalMessage>;

struct Change {
  Xid xid = 0;  ///< of a streamed change: its subtransaction; else 0
  What what;
};

/// What one XLogData message of the replication protocol carries.
struct Message {
  Lsn lsn;  ///< of its header: of a commit, the end of its record
  std::string_view payload;
};

}  // namespace pgpassage::migrate::cdc
