#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "migrate/cdc/change.hpp"
#include "migrate/cdc/plugins.hpp"
#include "migrate/pg/session.hpp"

/// A source's change stream, over the streaming replication protocol. Live.
/// Source: PostgreSQL documentation, "Streaming Replication Protocol" and "Logical Streaming Replication Protocol".
namespace pgpassage::migrate {

/// The address for a replication session: one that takes the commands of the replication protocol, and SQL through
/// `execute` alone. From 10 on it is bound to its database. Values come as a Session's settings shape them.
ServerAddress for_replication(ServerAddress source);

struct CreatedSlot {
  cdc::Lsn consistent_point;  ///< every transaction that commits behind it is in the stream
  std::string snapshot;       ///< shows what committed before; lasts until its session does anything else
};

/// Creates a logical slot with an exported snapshot. `replication` must be held, idle, for as long as the snapshot is
/// needed. With pgoutput the publication must be there already. Errc::already_exists is SQLSTATE 42710.
boost::asio::awaitable<Result<CreatedSlot>> create_slot(Session& replication, std::string slot, cdc::Plugin plugin);

/// One message of the stream, or what stands for it.
struct Received {
  enum class Kind : std::uint8_t { message, keepalive, nothing };

  Kind kind = Kind::nothing;  ///< nothing: the deadline passed
  cdc::Message message;       ///< holds until the next call
  cdc::Lsn server_end;        ///< message, keepalive: how far the source has sent
  bool reply_wanted = false;  ///< keepalive: the source ends the stream unless it hears from us soon
};

class ChangeStream {
 public:
  /// Begins behind `from`, or behind what the slot has confirmed when that is later. Errc::sql when somebody else
  /// streams from the slot (SQLSTATE 55006) or it is gone (42704).
  static boost::asio::awaitable<Result<ChangeStream>> start(Session replication, std::string slot, cdc::Lsn from,
                                                            cdc::PluginOnServer on, std::string publication);

  /// Waits until `deadline` at most. Errc::connection_lost when the source ends the stream.
  boost::asio::awaitable<Result<Received>> receive(Deadline deadline);

  /// Tells the source what is safe here: it may drop its log up to there, and never sends that again.
  boost::asio::awaitable<Result<void>> confirm(cdc::Lsn safe);

 private:
  explicit ChangeStream(Session session) : session_{std::move(session)} {}
  boost::asio::awaitable<Result<Received>> ended();

  struct FreeMemory {
    void operator()(char* memory) const noexcept { PQfreemem(memory); }
  };
  Session session_;
  std::unique_ptr<char, FreeMemory> buffer_;
};

}  // namespace pgpassage::migrate
