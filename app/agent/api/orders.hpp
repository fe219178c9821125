#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/agent/server/server.hpp"

namespace pgpassage::app::agent {

/// Orders that a client may send again because it heard no answer: each is carried out once. Live, on one thread.
class Orders {
 public:
  static constexpr std::size_t most_remembered = 1024;
  using Work = std::function<asio::awaitable<HttpResponse>()>;

  /// What `work` answers. While one of the same key is under way its answer is waited for; after it was carried out
  /// (status 201) the same answer is given again, until 1024 newer ones are remembered. An empty key is nobody's.
  asio::awaitable<HttpResponse> once(std::string key, Work work);

 private:
  struct Order;
  void remember(const std::string& key);

  std::map<std::string, std::shared_ptr<Order>> orders_;
  std::deque<std::string> carried_out_;  // oldest first
};

}  // namespace pgpassage::app::agent
