#include <boost/asio.hpp>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <vector>

/// bench_delay PORT MILLISECONDS: relays connections to 127.0.0.1:PORT, each byte half of the milliseconds later in
/// either direction, in order and without a limit of its own but 32 MiB under way. Prints the port on which it listens,
/// and runs until it is killed. For kernels without netem.
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t window_bytes = 32 * 1024 * 1024;

class Direction : public std::enable_shared_from_this<Direction> {
 public:
  Direction(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to, Clock::duration delay)
      : from_{std::move(from)}, to_{std::move(to)}, delay_{delay}, timer_{from_->get_executor()} {}

  void read() {
    reading_ = true;
    auto chunk = std::make_shared<std::vector<char>>(chunk_bytes);
    from_->async_read_some(asio::buffer(*chunk), [self = shared_from_this(), chunk](auto error, std::size_t size) {
      self->reading_ = false;
      if (error) size = 0;
      chunk->resize(size);
      self->under_way_ += size;
      self->chunks_.push_back({Clock::now() + self->delay_, chunk});
      if (!self->writing_) self->write();
      if (size > 0 && self->under_way_ < window_bytes) self->read();
    });
  }

 private:
  struct Chunk {
    Clock::time_point due;
    std::shared_ptr<std::vector<char>> bytes;  // empty: the end
  };

  void write() {
    if (chunks_.empty()) return;
    writing_ = true;
    timer_.expires_at(chunks_.front().due);
    timer_.async_wait([self = shared_from_this()](auto) { self->send(self->chunks_.front().bytes); });
  }

  void send(std::shared_ptr<std::vector<char>> bytes) {
    boost::system::error_code ignored;
    if (bytes->empty()) {
      to_->shutdown(tcp::socket::shutdown_send, ignored);
      return;
    }
    asio::async_write(*to_, asio::buffer(*bytes), [self = shared_from_this(), bytes](auto error, std::size_t) {
      self->writing_ = false;
      self->under_way_ -= bytes->size();
      self->chunks_.pop_front();
      if (error) return;
      self->write();
      if (!self->reading_ && self->under_way_ < window_bytes) self->read();
    });
  }

  std::shared_ptr<tcp::socket> from_, to_;
  Clock::duration delay_;
  asio::steady_timer timer_;
  std::deque<Chunk> chunks_;
  std::size_t under_way_ = 0;
  bool reading_ = false, writing_ = false;
};

void relay(tcp::socket client, tcp::endpoint server, Clock::duration delay) {
  auto here = std::make_shared<tcp::socket>(std::move(client));
  auto there = std::make_shared<tcp::socket>(here->get_executor());
  boost::system::error_code refused;
  there->connect(server, refused);
  if (refused) return;
  here->set_option(tcp::no_delay{true});
  there->set_option(tcp::no_delay{true});
  std::make_shared<Direction>(here, there, delay)->read();
  std::make_shared<Direction>(there, here, delay)->read();
}

void accept(tcp::acceptor& acceptor, tcp::endpoint server, Clock::duration delay) {
  acceptor.async_accept([&acceptor, server, delay](auto error, tcp::socket client) {
    if (!error) relay(std::move(client), server, delay);
    accept(acceptor, server, delay);
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  asio::io_context context{1};
  const tcp::endpoint server{asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::atoi(arguments[1]))};
  const auto delay = std::chrono::microseconds{static_cast<long long>(std::atof(arguments[2]) * 500)};
  tcp::acceptor acceptor{context, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  accept(acceptor, server, delay);
  std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  context.run();
}
