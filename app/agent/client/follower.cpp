#include "app/agent/client/follower.hpp"

#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/json.hpp>
#include <cstdio>

#include "app/agent/api/errors.hpp"
#include "app/agent/client/progress_of.hpp"
#include "app/output.hpp"
#include "app/run_to_end.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::minutes patience{10};
constexpr milliseconds first_pause{250}, longest_pause{5000};

bool at_a_terminal() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

/// So that an order that arrived, and whose answer was lost, is not carried out a second time.
std::string new_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string key;
  for (const unsigned char byte : bytes) key += fmt::format("{:02x}", byte);
  return key;
}

/// Whether another attempt may go better.
bool passing(const Error& error) {
  return error.code == Errc::connect_failed || error.code == Errc::connection_lost || error.code == Errc::timed_out;
}

asio::awaitable<void> rest(milliseconds& pause) {
  asio::steady_timer timer{co_await asio::this_coro::executor, pause};
  pause = std::min(2 * pause, longest_pause);
  co_await timer.async_wait(nothrow_awaitable);
}

Result<std::string> name_in(const Answer& answer) {
  boost::json::error_code broken;
  const auto value = boost::json::parse(answer.body, broken);
  const auto* object = broken ? nullptr : value.if_object();
  const auto* name = object == nullptr ? nullptr : object->if_contains("name");
  if (name == nullptr || !name->is_string()) return fail(Errc::io, "the agent does not say what it started");
  return std::string{name->get_string()};
}

}  // namespace

Follower::Follower(Client client, const CommonOptions& common) : client_{std::move(client)}, common_{common} {
  draw_below();
}

Followed Follower::run(const StartRequest& request) {
  for (const int number : {SIGINT, SIGTERM}) signals_.add(number);
  if (!hang_up_is_ignored()) signals_.add(SIGHUP);
  std::exception_ptr escaped;
  const auto ended = [&](const std::exception_ptr& error) {
    if (error) escaped = error;
    if (error) context_.stop();
  };
  asio::co_spawn(context_, start_and_follow(to_json(request)), ended);
  asio::co_spawn(context_, mind_signals(), ended);
  context_.run();
  if (escaped) std::rethrow_exception(escaped);
  return std::move(followed_);
}

void Follower::end() { context_.stop(); }

void Follower::say(std::string_view line) {
  display_.reset();
  if (!common_.quiet) std::fputs(fmt::format("{}\n", line).c_str(), stderr);
  draw_below();
}

void Follower::draw_below() { display_.emplace(common_.quiet, error_style(common_).color); }

asio::awaitable<void> Follower::start_and_follow(std::string body) {
  const auto answer = co_await start(std::move(body));
  const auto name = answer.and_then(name_in);
  if (!name) {
    followed_.error = name.error();
    co_return end();
  }
  followed_.name = *name;
  const auto escaped = [](const std::exception_ptr&) {};
  asio::co_spawn(context_, redraw(), escaped);
  co_await follow();
  end();
}

asio::awaitable<Result<Answer>> Follower::start(std::string body) {
  HttpRequest request{.method = "POST", .target = "/v1/migrations"};
  request.idempotency_key = new_key();
  request.body = std::move(body);
  milliseconds pause = first_pause;
  for (int attempts_left = 4;; --attempts_left) {
    auto answer = co_await client_.ask(request, deadline_in(std::chrono::seconds{60}));
    if (answer && answer->status == 422) co_return tl::unexpected(error_of(answer->status, answer->body));
    if (answer || !passing(answer.error()) || attempts_left == 0) co_return answer;
    co_await rest(pause);
  }
}

asio::awaitable<void> Follower::follow() {
  const std::string target = "/v1/migrations/" + path_segment(followed_.name) + "/events";
  const auto took = [this](const ServerEvent& event) { return take(event); };
  milliseconds pause = first_pause;
  heard_ = Clock::now();
  while (!followed_.state) {
    const auto before = heard_;
    const auto result = co_await client_.follow(target, last_event_, took);
    if (result) continue;
    if (!passing(result.error())) {
      followed_.error = result.error();
      co_return;
    }
    if (heard_ != before) pause = first_pause;
    if (!told_of_loss_) say(fmt::format("{}. The migration goes on there; trying again", result.error().message));
    told_of_loss_ = true;
    if (Clock::now() - heard_ > patience) {
      followed_.error = result.error();
      co_return;
    }
    co_await rest(pause);
  }
}

bool Follower::take(const ServerEvent& event) {
  if (told_of_loss_) say("The link to the agent is back");
  told_of_loss_ = false;
  heard_ = Clock::now();
  if (!event.id.empty()) last_event_ = event.id;
  if (event.type == "progress") {
    if (auto snapshot = progress_of(event.data)) {
      snapshot_ = std::move(*snapshot);
      counted_from_ = heard_ - snapshot_.elapsed;
      if (!asking_) display_->update(snapshot_);
    }
  }
  if (event.type != "end") return true;
  const auto state = end_of(event.data);
  if (!state) return true;
  followed_.state = *state;
  if (!asking_) display_->finish(snapshot_);
  return false;
}

// The clock on the screen goes on while a long statement reports nothing.
asio::awaitable<void> Follower::redraw() {
  asio::steady_timer timer{context_};
  while (true) {
    timer.expires_after(std::chrono::seconds{1});
    co_await timer.async_wait(nothrow_awaitable);
    if (asking_ || told_of_loss_ || snapshot_.name.empty()) continue;
    snapshot_.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - counted_from_);
    display_->update(snapshot_);
  }
}

asio::awaitable<void> Follower::mind_signals() {
  while (true) {
    const auto [error, number] = co_await signals_.async_wait(nothrow_awaitable);
    if (error) co_return;
    if (followed_.name.empty()) {
      say("The agent has the order and has not answered yet: asked again when it has");
      asio::steady_timer timer{context_};
      while (followed_.name.empty()) {
        timer.expires_after(milliseconds{100});
        co_await timer.async_wait(nothrow_awaitable);
      }
    }
    if (number != SIGINT || asking_) co_return end();  // detached
    const auto escaped = [](const std::exception_ptr&) {};
    if (at_a_terminal())
      asio::co_spawn(context_, ask_person(), escaped);
    else
      co_await cancel();
  }
}

asio::awaitable<void> Follower::ask_person() {
  asking_ = true;
  std::fputs(fmt::format("\n{} runs on {} and does not need this terminal.\nd detaches, c cancels it, Enter goes on: ",
                         printable(followed_.name), client_.address().display())
                 .c_str(),
             stderr);
  asio::posix::stream_descriptor keyboard{context_, dup(STDIN_FILENO)};
  std::array<char, 256> line{};
  const auto buffer = asio::buffer(line);
  const auto [error, size] = co_await keyboard.async_read_some(buffer, nothrow_awaitable);
  const char answer = size > 0 ? line[0] : '\n';
  asking_ = false;
  if (error || answer == 'd' || answer == 'D') co_return end();
  if (answer == 'c' || answer == 'C') co_await cancel();
  draw_below();
}

asio::awaitable<void> Follower::cancel() {
  HttpRequest request{.method = "POST", .target = "/v1/migrations/" + path_segment(followed_.name) + "/cancel"};
  const auto asked = co_await client_.ask(std::move(request), deadline_in(std::chrono::seconds{30}));
  if (asked)
    say(fmt::format("{} is asked to stop", printable(followed_.name)));
  else
    say(fmt::format("It could not be asked to stop: {}", asked.error().message));
}

}  // namespace pgpassage::app::agent
