#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <optional>
#include <string>

#include "app/agent/api/requests.hpp"
#include "app/agent/client/client.hpp"
#include "app/progress/progress.hpp"

/// A migration that an agent runs, as the operator's terminal sees it. Live.
namespace pgpassage::app::agent {

/// How following ended; the migration itself has ended only with `state`.
struct Followed {
  std::string name;                     ///< of the migration; empty: it was never started
  std::optional<migrate::State> state;  ///< absent: it goes on, as far as is known
  std::optional<Error> error;           ///< why it was not started, or is not followed any more; else: detached
};

/// Hands a migration over and shows its progress until it ends.
///
/// When the link drops, it says so once and tries again, waiting a quarter of a second and then twice as long each time
/// up to five seconds, for ten minutes. Ctrl-C in a terminal asks whether to detach, to cancel or to go on; a second
/// one while it asks detaches. Without a terminal SIGINT cancels. SIGTERM, and SIGHUP unless it is ignored, detach: the
/// migration does not depend on this process.
class Follower {
 public:
  Follower(Client client, const CommonOptions& common);
  Followed run(const StartRequest& request);

 private:
  asio::awaitable<void> start_and_follow(std::string body);
  asio::awaitable<Result<Answer>> start(std::string body);
  asio::awaitable<void> follow();
  asio::awaitable<void> mind_signals();
  asio::awaitable<void> ask_person();
  asio::awaitable<void> cancel();
  asio::awaitable<void> redraw();
  bool take(const ServerEvent& event);
  void say(std::string_view line);
  void draw_below();  ///< what was drawn stays above what else was written
  void end();

  asio::io_context context_{1};
  asio::signal_set signals_{context_};
  Client client_;
  const CommonOptions& common_;
  std::optional<ProgressDisplay> display_;
  ProgressSnapshot snapshot_;
  std::chrono::steady_clock::time_point counted_from_;
  std::string last_event_;
  bool asking_ = false, told_of_loss_ = false;
  std::chrono::steady_clock::time_point heard_;
  Followed followed_;
};

}  // namespace pgpassage::app::agent
