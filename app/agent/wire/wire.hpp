#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

/// A connection that carries bytes, with TLS or without. Live. Everything of one wire runs on one thread or strand.
namespace pgpassage::app::agent {

namespace asio = boost::asio;

struct Transfer {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

class Wire {
 public:
  virtual ~Wire() = default;
  virtual asio::awaitable<Transfer> read(std::span<char> into) = 0;  ///< some bytes; asio::error::eof at the end
  virtual asio::awaitable<boost::system::error_code> write(std::string_view bytes) = 0;  ///< all of them
  virtual asio::awaitable<void> finish() = 0;  ///< says that nothing more comes, then hang_up()
  virtual void close() noexcept = 0;           ///< what waits ends with an error
};

/// Sends nothing more, and discards what comes until the other end closes too. A socket that is closed over bytes which
/// nobody has read resets the connection, and the other end may lose the answer that says why.
asio::awaitable<void> hang_up(asio::ip::tcp::socket& socket);

std::unique_ptr<Wire> plain_wire(asio::ip::tcp::socket socket);

/// Closes a wire when the time is up before the guard is gone.
class Patience {
 public:
  Patience(const asio::any_io_executor& executor, Wire& wire, std::chrono::milliseconds time);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  bool lost() const { return *state_ == State::lost; }

 private:
  enum class State { waiting, over, lost };
  asio::steady_timer timer_;
  std::shared_ptr<State> state_;
};

}  // namespace pgpassage::app::agent
