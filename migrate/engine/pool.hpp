#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <mutex>
#include <vector>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {

/// Sessions that steps borrow one after the other. Safe for several strands. Live.
class SessionPool {
 public:
  using Open = std::function<boost::asio::awaitable<Result<Session>>()>;
  explicit SessionPool(Open open) : open_{std::move(open)} {}

  /// An idle session, or a new one.
  boost::asio::awaitable<Result<Session>> take();
  /// Gives back a session that is idle again; a closed one is dropped.
  void give(Session session);

 private:
  std::optional<Session> idle();

  Open open_;
  std::mutex mutex_;
  std::vector<Session> idle_;
};

}  // namespace pgpassage::migrate
