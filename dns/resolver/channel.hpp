#pragma once

#include <ares.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/base/deadline.hpp"

/// c-ares on Asio: one channel asks one DNS server. Live.
namespace pgpassage::dns {

struct NameServer {
  IpAddress address;
  Port port = 53;
};

/// What c-ares said about one question.
struct Reply {
  bool done = false;  ///< false: the deadline came first
  int status = ARES_ETIMEOUT;
  std::vector<unsigned char> packet;  ///< empty when no answer came
};

/// How a server is asked first; a truncated answer over UDP is repeated over TCP in any case.
enum class Transport { udp, tcp };

/// Replies[0] is for A, [1] for AAAA.
struct Replies {
  std::array<Reply, 2> of;
  bool used_tcp = false;  ///< it was asked so, or the UDP answer was truncated
};

/// A c-ares channel whose sockets and timer Asio watches; nothing in it blocks. Lives in a shared_ptr, because
/// handlers that are still queued when it dies must notice: they hold weak_ptrs. c-ares owns and closes the sockets;
/// the descriptors here only wait and are released before. Everything runs on `executor`, which must be a strand.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  explicit Channel(boost::asio::any_io_executor executor);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// Asks A and AAAA of `name` at once and waits for both, or until `deadline`. Once per channel. A question is sent
  /// three times, at first 1.5 s apart or a seventh of the time if that is less: how often to repeat a lost packet is
  /// no matter of patience. When one family has answered and the other stays silent, only its second sending is waited
  /// for: resolvers that drop AAAA are common.
  ///
  /// The questions carry the AD bit, by which a resolver is asked to say whether it verified the answer (RFC 6840 5.7).
  boost::asio::awaitable<Replies> ask(NameServer server, std::string name, Transport transport, Deadline deadline);

 private:
  struct Watch {
    boost::asio::posix::stream_descriptor descriptor;
    ares_socket_t socket;
    bool want_read = false, want_write = false;
    bool reading = false, writing = false;  // a wait is under way
  };
  struct Question {
    Channel* channel;
    std::size_t index;
  };

  bool open(const NameServer& server, Transport transport);
  void send(const std::string& name);
  bool complete() const { return replies_.of[0].done && replies_.of[1].done; }
  void watch(ares_socket_t socket, bool read, bool write);
  void wait(const std::shared_ptr<Watch>& watch);
  void process(ares_socket_t readable, ares_socket_t writable);
  void set_timer();
  void answered(std::size_t index, int status, const unsigned char* packet, int length);

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer done_;
  std::map<ares_socket_t, std::shared_ptr<Watch>> watches_;
  std::array<Question, 2> questions_;
  Replies replies_;
  std::chrono::milliseconds first_attempt_{0};
  Deadline end_;
  ares_channel channel_ = nullptr;
};

/// The name servers that a file in the form of resolv.conf names.
std::vector<std::string> name_servers_in(const std::string& resolv_conf);

}  // namespace pgpassage::dns
