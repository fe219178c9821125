#include "app/agent/api/orders.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {

struct Orders::Order {
  asio::steady_timer settled;  // never runs out: canceling it wakes those who wait
  HttpResponse answer;
  bool under_way = true;
};

asio::awaitable<HttpResponse> Orders::once(std::string key, Work work) {
  if (key.empty()) co_return co_await work();
  if (const auto known = orders_.find(key); known != orders_.end()) {
    const auto order = known->second;
    if (order->under_way) co_await order->settled.async_wait(nothrow_awaitable);
    co_return order->answer;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto order = std::make_shared<Order>(
      Order{asio::steady_timer{executor, asio::steady_timer::time_point::max()}, refusal(500, "internal", "a bug")});
  orders_[key] = order;
  std::exception_ptr bug;
  try {
    order->answer = co_await work();
  } catch (...) {
    bug = std::current_exception();
  }
  order->under_way = false;
  order->settled.cancel();
  if (order->answer.status == 201)
    remember(key);
  else
    orders_.erase(key);
  if (bug) std::rethrow_exception(bug);
  co_return order->answer;
}

void Orders::remember(const std::string& key) {
  carried_out_.push_back(key);
  if (carried_out_.size() <= most_remembered) return;
  orders_.erase(carried_out_.front());
  carried_out_.pop_front();
}

}  // namespace pgpassage::app::agent
