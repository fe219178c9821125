#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "app/agent/api/orders.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

class OrderSentAgain : public testing::Test {
 protected:
  /// Sends it; carried out, it waits for `go_on_`.
  void send(const std::string& key, int status = 201) {
    const Orders::Work work = [this, status]() -> asio::awaitable<HttpResponse> {
      const int number = ++carried_out_;
      co_await go_on_.async_wait(nothrow_awaitable);
      co_return HttpResponse{.status = status, .body = std::to_string(number)};
    };
    const auto ended = [this](const std::exception_ptr& error, const HttpResponse& answer) {
      if (error) std::rethrow_exception(error);
      answers_.push_back(answer.body);
    };
    asio::co_spawn(context_, orders_.once(key, work), ended);
    context_.restart();
    context_.poll();
  }
  void go_on() {
    go_on_.cancel();
    context_.restart();
    context_.poll();
  }

  asio::io_context context_;
  asio::steady_timer go_on_{context_, asio::steady_timer::time_point::max()};
  Orders orders_;
  int carried_out_ = 0;
  std::vector<std::string> answers_;
  using Answers = std::vector<std::string>;
};

TEST_F(OrderSentAgain, WaitsForTheAnswerOfTheOneUnderWay) {
  send("a");
  send("a");
  EXPECT_EQ(carried_out_, 1);
  EXPECT_EQ(answers_, Answers{});
  go_on();
  EXPECT_EQ(answers_, (Answers{"1", "1"}));
}

TEST_F(OrderSentAgain, GetsTheAnswerOfTheOneThatWasCarriedOut) {
  send("a");
  go_on();
  send("a");
  EXPECT_EQ(answers_, (Answers{"1", "1"}));
}

TEST_F(OrderSentAgain, IsTriedAgainAfterARefusal) {
  send("a", 409);
  go_on();
  send("a");
  go_on();
  EXPECT_EQ(answers_, (Answers{"1", "2"}));
}

TEST_F(OrderSentAgain, WithoutAKeyOrWithAnotherIsAnotherOrder) {
  for (const char* key : {"", "", "a", "b"}) send(key);
  EXPECT_EQ(carried_out_, 4);
  go_on();
}

TEST_F(OrderSentAgain, IsForgottenAfterManyOthers) {
  for (std::size_t i = 0; i <= Orders::most_remembered; ++i) {
    send(std::to_string(i));
    go_on();
  }
  const int before = carried_out_;
  send("1");
  EXPECT_EQ(carried_out_, before);
  send("0");
  EXPECT_EQ(carried_out_, before + 1);
  go_on();
}

}  // namespace
}  // namespace pgpassage::app::agent
