#pragma once

#include <optional>

#include "app/agent/http/reader.hpp"
#include "app/agent/server/server.hpp"

namespace pgpassage::app::agent {

/// One client from its handshake to its end.
class Connection {
 public:
  static asio::awaitable<void> run(Server& server, asio::ip::tcp::socket socket);

 private:
  Connection(Server& server, asio::ip::tcp::socket socket);
  ~Connection();

  asio::awaitable<bool> welcome();  ///< the handshake; false: not let in
  asio::awaitable<std::optional<HttpRequest>> next_request();
  asio::awaitable<Reading> read_some();
  std::optional<HttpResponse> objection(const HttpRequest& request);
  asio::awaitable<bool> answer(HttpRequest request);  ///< false: the connection is of no more use
  asio::awaitable<void> stream(EventFeed feed);
  asio::awaitable<bool> write(std::string text);
  bool still_admitted();
  void known();

  Server& server_;
  asio::any_io_executor executor_;
  Caller caller_;
  std::shared_ptr<const Keys> keys_;
  std::unique_ptr<TlsWire> tls_;  // null: plain
  std::unique_ptr<Wire> plain_;
  Wire* wire_ = nullptr;
  Certificate certificate_;
  std::string authorization_;  // by which the client is here, where a token is demanded
  RequestReader reader_;
  bool stranger_ = true;
};

}  // namespace pgpassage::app::agent
