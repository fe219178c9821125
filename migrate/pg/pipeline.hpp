#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {

/// Statements that are sent without waiting for the answers to those before them, on one session: as many as one likes
/// in a round trip. They come in groups, each a transaction of its own: when a statement fails, nothing of its group
/// was done, and the other groups do not notice. Live.
///
/// `session` must be idle and outlive it, and is used for nothing else until `end`.
class Pipeline {
 public:
  explicit Pipeline(Session& session);

  /// Adds one statement to the present group; `parameters` in binary form.
  Result<void> add(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// Ends the present group: from now on it is under way.
  Result<void> end_group();
  std::size_t groups_under_way() const { return groups_.size(); }

  /// Sends what is still here, and waits for the answer to the oldest group: its first error, if any. There must be
  /// one under way.
  boost::asio::awaitable<Result<void>> next_answer();

  /// Leaves the session idle. Every answer must have come.
  Result<void> end();

 private:
  boost::asio::awaitable<Result<void>> statement_answer();

  Session& session_;
  std::deque<std::size_t> groups_;  // statements of each, oldest first
  std::size_t in_group_ = 0;
};

}  // namespace pgpassage::migrate
