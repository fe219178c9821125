#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "app/agent/http/message.hpp"
#include "app/agent/server/access.hpp"
#include "app/agent/server/rate.hpp"
#include "app/agent/wire/wire.hpp"

/// Connections, TLS, HTTP and their limits, for whatever answers the requests. Live; everything runs on the one thread
/// of its io_context.
namespace pgpassage::app::agent {

/// Who asks: the name in a client's certificate, "token", or "anybody" where nothing is demanded.
struct Caller {
  std::string name;
  std::string address;
};

/// The text of an event stream, piece by piece; empty pieces are not written. Absent: the stream has ended.
struct EventFeed {
  std::function<asio::awaitable<std::optional<std::string>>()> next;
};
using Reply = std::variant<HttpResponse, EventFeed>;
using Answerer = std::function<asio::awaitable<Reply>(HttpRequest, Caller)>;

struct Limits {
  std::size_t connections = 2048;                 ///< at once; one more is closed before it has cost a handshake
  std::size_t strangers = 256;                    ///< of them, those that have not shown yet who they are
  unsigned requests_per_second = 100;             ///< of one address
  std::chrono::milliseconds header_time{10'000};  ///< for the handshake, and again for a request's header
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds write_time{30'000};  ///< for a client to take what is written to it
  std::chrono::milliseconds idle_time{60'000};   ///< between two requests
};

class Server {
 public:
  Server(asio::io_context& context, Access& access, Limits limits, Answerer answer);

  /// Errc::input for an address that is not this machine's or is taken.
  Result<void> listen(const asio::ip::tcp::endpoint& address);
  asio::ip::tcp::endpoint address() const;  ///< with the port that was found, where 0 was asked for
  /// Accepts until `stop`. Spawn it once.
  asio::awaitable<void> accept();
  /// No new connection; those that are there go on.
  void stop();

 private:
  friend class Connection;
  asio::io_context& context_;
  asio::ip::tcp::acceptor acceptor_;
  Access& access_;
  Limits limits_;
  Answerer answer_;
  Rate rate_;
  std::size_t connections_ = 0, strangers_ = 0;
};

/// An error as the API says it: `{"errors": [{"code", "message", "cure"}]}`.
HttpResponse refusal(int status, std::string_view code, std::string_view message, std::string_view cure = {});

}  // namespace pgpassage::app::agent
