#pragma once

#include <boost/asio/awaitable.hpp>

#include "migrate/apply/stream.hpp"
#include "migrate/spool/spool.hpp"

/// From a change stream into the spool. Live.
namespace pgpassage::migrate {

struct Receiving {
  cdc::Plugin plugin = cdc::Plugin::pgoutput;
  /// Ends when all that committed before is in the spool; none: goes on until canceled or an error.
  cdc::Lsn until;
  /// Between what is told to the source; below half of its wal_sender_timeout.
  std::chrono::milliseconds between_reports{1000};
};

/// Receives, writes, and tells the source what is safe on disk, in that order: what the source was told is in the
/// spool. While the spool is full nothing is read, which holds the source's sender; it still hears from us.
/// Returns the spool's end. After an error the spool is whole, and `Spool::open` cuts off what is not.
boost::asio::awaitable<Result<cdc::Lsn>> receive_changes(ChangeStream& stream, Spool& spool, Receiving how);

}  // namespace pgpassage::migrate
