#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/engine.hpp"
#include "migrate/engine/pool.hpp"
#include "migrate/plan/catalog.hpp"

/// The sessions of one database's copy. Live.
namespace pgpassage::migrate {

/// Every session of the source reads one snapshot, which a session of its own holds together with the tables' locks.
/// Sessions of the target write without waiting for their disk: who calls anything done flushes first.
/// `request` must outlive it.
class CopySessions {
 public:
  CopySessions(const Request& request, std::string database, std::string encoding);
  CopySessions(const CopySessions&) = delete;
  CopySessions& operator=(const CopySessions&) = delete;

  /// Exports the snapshot that everything else reads.
  boost::asio::awaitable<Result<void>> take_snapshot();
  /// Nobody changes a table between now and its copy.
  boost::asio::awaitable<Result<void>> lock(std::vector<std::string> tables);

  Session& holder() { return holder_; }
  const std::string& snapshot() const { return snapshot_; }
  const std::string& encoding() const { return encoding_; }  ///< of the database
  SessionPool& sources() { return sources_; }
  SessionPool& targets() { return targets_; }

 private:
  boost::asio::awaitable<Result<Session>> open(const ServerAddress& server);
  boost::asio::awaitable<Result<Session>> open_source();
  boost::asio::awaitable<Result<Session>> open_target();

  const Request& request_;
  std::string database_;
  std::string encoding_;
  SessionPool sources_;
  SessionPool targets_;
  Session holder_;
  std::string snapshot_;
};

/// Waits until everything that any session has committed there is on the target's disk: a crash loses nothing of it.
boost::asio::awaitable<Result<void>> flush_to_disk(Session& target);

/// The error with what it is about before its message.
Error about(const std::string& what, Error error);

}  // namespace pgpassage::migrate
