#include "app/agent/server/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>

#include "app/agent/log.hpp"
#include "app/agent/server/connection.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {

using boost::system::error_code;

Server::Server(asio::io_context& context, Access& access, Limits limits, Answerer answer)
    : context_{context},
      acceptor_{context},
      access_{access},
      limits_{limits},
      answer_{std::move(answer)},
      rate_{limits.requests_per_second} {}

Result<void> Server::listen(const asio::ip::tcp::endpoint& address) {
  error_code error;
  acceptor_.open(address.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error) acceptor_.bind(address, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return fail(Errc::input, "cannot listen on {}:{}: {}", address.address().to_string(), address.port(),
              error.message());
}

asio::ip::tcp::endpoint Server::address() const {
  error_code ignored;
  return acceptor_.local_endpoint(ignored);
}

void Server::stop() {
  error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> Server::accept() {
  const auto ended = [](const std::exception_ptr& escaped) {
    try {
      if (escaped) std::rethrow_exception(escaped);
    } catch (const std::exception& bug) {
      log().error("a connection ended by a bug what={}", bug.what());
    }
  };
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(nothrow_awaitable);
    if (!acceptor_.is_open()) co_return;
    if (error) {  // no descriptors left, say: others must end before it is worth trying again
      asio::steady_timer pause{context_, std::chrono::milliseconds{50}};
      co_await pause.async_wait(nothrow_awaitable);
      continue;
    }
    if (connections_ >= limits_.connections || strangers_ >= limits_.strangers) continue;  // closes it
    asio::co_spawn(context_, Connection::run(*this, std::move(socket)), ended);
  }
}

}  // namespace pgpassage::app::agent
