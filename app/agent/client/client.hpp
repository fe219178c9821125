#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/agent/client/access.hpp"
#include "app/agent/http/events.hpp"
#include "app/agent/http/message.hpp"
#include "app/agent/wire/wire.hpp"
#include "netcheck/base/deadline.hpp"

/// Requests to one agent. Live. Errors: Errc::input for files of ours that cannot be used; refused_login when the agent
/// does not let us in or is not the one it should be, which another attempt will not change; connect_failed,
/// connection_lost and timed_out for the way there; and what the agent itself says.
namespace pgpassage::app::agent {

struct Answer {
  int status = 0;
  std::string body;
};

class Client {
 public:
  static Result<Client> open(const std::string& url, const Credentials& credentials);

  /// One request; the connection is kept for the next one, which must come from the same io_context, unless the
  /// request says otherwise, and the client must go before that context does. An answer of another status than 2xx and
  /// 422 is an error.
  asio::awaitable<Result<Answer>> ask(HttpRequest request, Deadline deadline);

  /// Follows an event stream from its beginning or after `last_event_id`, until `take` answers false or the stream
  /// ends; the end is an error (connection_lost) unless `take` asked for it. An agent says something at least every 15
  /// seconds: after 45 without a sign the connection counts as lost.
  asio::awaitable<Result<void>> follow(std::string target, std::string last_event_id,
                                       std::function<bool(const ServerEvent&)> take);

  const Address& address() const { return address_; }

 private:
  Client() = default;
  asio::awaitable<Result<std::unique_ptr<Wire>>> connect(Deadline deadline) const;
  asio::awaitable<Result<Answer>> exchange(Wire& wire, const std::string& request, bool& reusable) const;
  void complete(HttpRequest& request) const;
  Error lost(const boost::system::error_code& error) const;

  Address address_;
  TlsContext tls_;
  std::string authorization_;
  std::unique_ptr<Wire> kept_;
};

/// `target` with what must not stand in a path segment encoded: "a/b" -> "a%2Fb".
std::string path_segment(std::string_view name);

}  // namespace pgpassage::app::agent
