#pragma once

#include <deque>
#include <unordered_map>

#include "migrate/cdc/change.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::migrate::cdc {

class ByteReader;

/// Reads the messages of pgoutput, protocol 1 to 4: what a message is tells its first byte, so the version matters only
/// to StreamAbort, which got longer in 4 with streaming "parallel" and is read in either length.
///
/// Errc::unsupported for what is not such a message, or speaks of a relation that none described; the decoder then
/// stands as it did before.
/// Source: PostgreSQL documentation, "Logical Replication Message Formats".
class PgoutputDecoder {
 public:
  /// Holds until the next call.
  Result<const Change*> read(const Message& message);

 private:
  void read_what(char kind, ByteReader& bytes);
  bool read_transaction(char kind, ByteReader& bytes);
  bool read_prepared(char kind, ByteReader& bytes);
  bool read_stream(char kind, ByteReader& bytes);
  void read_relation(ByteReader& bytes);
  void read_row(char kind, ByteReader& bytes);
  void read_truncate(ByteReader& bytes);
  Row read_tuple(ByteReader& bytes, const Relation& relation, std::vector<Value>& values);
  const Relation* relation_of(ByteReader& bytes);

  Change change_;
  bool streaming_ = false;          // between StreamStart and StreamStop, where every message carries a transaction id
  std::deque<Relation> relations_;  // every description there was: changes kept by others refer to them
  std::unordered_map<Oid, const Relation*> current_;
  const Relation* last_ = nullptr;
  std::vector<Value> old_;
  std::vector<Value> new_;
  std::vector<const Relation*> truncated_;
};

}  // namespace pgpassage::migrate::cdc
