#pragma once

#include <span>

#include "app/agent/api/orders.hpp"
#include "app/agent/api/runner.hpp"
#include "app/agent/api/watch.hpp"
#include "app/agent/server/server.hpp"
#include "app/report/text_style.hpp"

/// What the agent does for its clients. The paths and shapes are in openapi.yaml; tests hold both together.
namespace pgpassage::app::agent {

/// A request that a route took, with what its path names.
struct Call {
  HttpRequest request;
  Caller caller;
  std::string name;  ///< of a migration: NAME or TARGET/NAME; empty where the path has none
};

class Service {
 public:
  Service(asio::io_context& context, migrate::Ledger& ledger);

  asio::awaitable<Reply> answer(HttpRequest request, Caller caller);
  /// No new migration from now on. Waits until none runs; what still runs after `time` is asked to stop, which its
  /// record says, and waited for.
  asio::awaitable<void> drain(std::chrono::seconds time);
  void hurry();  ///< the drain's time is over now

  asio::awaitable<Reply> health(Call call);
  asio::awaitable<Reply> version(Call call);
  asio::awaitable<Reply> probe(Call call);
  asio::awaitable<Reply> start(Call call);
  asio::awaitable<Reply> list(Call call);
  asio::awaitable<Reply> show(Call call);
  asio::awaitable<Reply> cancel(Call call);
  asio::awaitable<Reply> not_in_this_version(Call call);
  asio::awaitable<Reply> events(Call call);

 private:
  asio::awaitable<HttpResponse> start_once(Call call);
  HttpResponse shown(migrate::MigrationId id, int status);
  HttpResponse shown_as_text(migrate::MigrationId id, const TextStyle& style);

  asio::io_context& context_;
  migrate::Ledger& ledger_;
  asio::steady_timer drain_;  // runs out when the drain's time is over; canceled when a migration ends
  Runner runner_;
  Watches watches_;
  Orders orders_;
  bool draining_ = false;
  std::chrono::steady_clock::time_point drained_by_ = std::chrono::steady_clock::time_point::max();
};

struct Route {
  std::string_view method;
  std::string_view path;  ///< as in OpenAPI: "/v1/migrations/{name}"
  asio::awaitable<Reply> (Service::*handler)(Call);
};

/// Every route there is.
std::span<const Route> routes();

/// How a client wants text: `?as=text&color=true&unicode=true&width=100`. Absent: it wants JSON. Pure.
std::optional<TextStyle> wanted_text(std::string_view target);

/// What a request's target leads to. Pure.
struct Match {
  const Route* route = nullptr;  ///< null: there is none
  std::string name;
  std::string allowed;  ///< methods of the path, where it exists without this one
};
Match match(std::string_view method, std::string_view target);

}  // namespace pgpassage::app::agent
