#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "migrate/engine/database.hpp"
#include "migrate/engine/engine.hpp"
#include "migrate/engine/servers.hpp"

/// The work of each action of the life cycle; what the life cycle makes of its result is decided elsewhere. Live.
namespace pgpassage::migrate {

class Actions {
 public:
  /// All arguments must outlive it. What a person has to know or do afterwards goes into `remaining`.
  Actions(const Request& request, const Observer& observer, const Checks& checks, std::vector<std::string>& remaining);
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  boost::asio::awaitable<Result<Event>> meet_prerequisites();
  boost::asio::awaitable<Result<Event>> validate();
  /// Several databases at once. One that fails stops no other: each ends as it can, and the first error is the answer.
  boost::asio::awaitable<Result<Event>> migrate_data();
  boost::asio::awaitable<Result<Event>> complete();

  /// To be called when the migration ended before its comparison: it leaves databases of which nobody knows that they
  /// are the same.
  void settle();

 private:
  boost::asio::awaitable<Result<void>> bring_roles();
  boost::asio::awaitable<Result<void>> copy_all();
  boost::asio::awaitable<Result<void>> copy(Common& common, std::string database);
  boost::asio::awaitable<Result<Event>> compare();
  boost::asio::awaitable<Result<Verification>> compare(std::string database);
  boost::asio::awaitable<Result<Verification>> verify(std::string database);
  boost::asio::awaitable<Error> difference_of(Verification found);
  boost::asio::awaitable<Result<void>> refuse_others() const;
  boost::asio::awaitable<void> say_what_is_left(const Standing& standing);
  boost::asio::awaitable<void> leave();
  void end(const std::string& database, WorkState state, const Trouble& trouble);
  Deadline deadline() const { return std::chrono::steady_clock::now() + request_.connect_time; }

  const Request& request_;
  Observer observer_;
  const Checks& checks_;
  std::vector<std::string>& remaining_;
  Servers servers_;
  std::map<std::string, DatabaseRecord> databases_;  // as they were told last
  Session lock_;                                     // on the target's databases, until the migration's end
  Resumption so_far_;                                // what is finished, from an earlier run or from this one
  std::optional<std::int64_t> first_transaction_;    // the source's next writing one when the copy began
};

}  // namespace pgpassage::migrate
