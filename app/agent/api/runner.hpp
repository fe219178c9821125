#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "app/crossing.hpp"
#include "migrate/state/ledger.hpp"

/// The migrations that run in this process. Live; safe for several threads.
namespace pgpassage::app::agent {

class Runner {
 public:
  static constexpr std::size_t most_at_once = 16;

  /// `ended_one` is called after each migration's end, on a thread of its own.
  Runner(migrate::Ledger& ledger, std::function<void()> ended_one)
      : ledger_{ledger}, ended_one_{std::move(ended_one)} {}
  /// Waits for those that still run.
  ~Runner();

  /// Records it, then runs it on threads of its own to its end. Errors: the ledger's, and Errc::unsupported when too
  /// many run. `by` is who asked, for the record.
  Result<migrate::MigrationId> start(Crossing crossing, const std::string& by);

  std::size_t running();
  /// Asks all that run to stop, and says in their records why.
  void cancel_all(std::string_view why);

 private:
  void run(migrate::MigrationId id, migrate::Request request);
  void join_ended();

  migrate::Ledger& ledger_;
  std::function<void()> ended_one_;
  std::mutex mutex_;
  std::map<migrate::MigrationId, std::thread> threads_;
  std::vector<migrate::MigrationId> ended_;
};

}  // namespace pgpassage::app::agent
