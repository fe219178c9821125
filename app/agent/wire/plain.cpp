#include <array>
#include <boost/asio/write.hpp>
#include <tuple>

#include "app/agent/wire/wire.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using boost::system::error_code;

class PlainWire final : public Wire {
 public:
  explicit PlainWire(asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}

  asio::awaitable<Transfer> read(std::span<char> into) override {
    const auto [error, bytes] =
        co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), nothrow_awaitable);
    co_return Transfer{error, bytes};
  }

  asio::awaitable<error_code> write(std::string_view bytes) override {
    const auto [error, written] = co_await asio::async_write(socket_, asio::buffer(bytes), nothrow_awaitable);
    co_return error;
  }

  asio::awaitable<void> finish() override { co_await hang_up(socket_); }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

asio::awaitable<void> hang_up(asio::ip::tcp::socket& socket) {
  error_code error;
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  std::array<char, 4096> unread;
  const auto buffer = asio::buffer(unread);
  while (!error) std::tie(error, std::ignore) = co_await socket.async_read_some(buffer, nothrow_awaitable);
}

std::unique_ptr<Wire> plain_wire(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

Patience::Patience(const asio::any_io_executor& executor, Wire& wire, std::chrono::milliseconds time)
    : timer_{executor, time}, state_{std::make_shared<State>(State::waiting)} {
  timer_.async_wait([state = state_, &wire](const error_code&) {
    // The state, not the error: a timer that has run out cannot be canceled any more.
    if (*state != State::waiting) return;
    *state = State::lost;
    wire.close();
  });
}

Patience::~Patience() {
  if (*state_ == State::waiting) *state_ = State::over;
}

}  // namespace pgpassage::app::agent
