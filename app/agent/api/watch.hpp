#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "migrate/state/ledger.hpp"

/// One migration as its event streams see it: the ledger is asked once for all of them. Live, on one thread.
namespace pgpassage::app::agent {

/// How far one stream has been told. `events` is the number that the client's Last-Event-ID named.
struct Told {
  std::size_t events = 0;
  unsigned progress = 0;
  bool end = false;
};

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(boost::asio::io_context& context, migrate::Ledger& ledger, migrate::MigrationId id);

  /// Looks again and again for as long as somebody else holds the watch and the migration has not ended.
  static boost::asio::awaitable<void> keep_looking(std::weak_ptr<Watch> watch);

  /// Everything that `told` does not know yet, as text of an event stream: `log` events with their number in the
  /// migration's history as id, then one `progress` with all of its present state, and in the end `end`.
  std::string news(Told& told) const;
  /// Until there may be news, or it is time for a sign of life.
  boost::asio::awaitable<void> wait();

 private:
  void look();

  migrate::Ledger& ledger_;
  migrate::MigrationId id_;
  boost::asio::steady_timer changed_;  // never runs out: canceling it wakes everybody
  std::vector<std::string> logs_;      // as text of the stream
  std::string progress_, progress_mark_, end_;
  unsigned version_ = 0;
};

/// The watches that somebody needs now.
class Watches {
 public:
  Watches(boost::asio::io_context& context, migrate::Ledger& ledger) : context_{context}, ledger_{ledger} {}
  std::shared_ptr<Watch> of(migrate::MigrationId id);

 private:
  boost::asio::io_context& context_;
  migrate::Ledger& ledger_;
  std::map<migrate::MigrationId, std::weak_ptr<Watch>> watches_;
};

}  // namespace pgpassage::app::agent
