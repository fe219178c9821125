// Live probes' figures: endpoints with names on loopback, each asked by DNS, TCP and SSLRequest, and targets that
// nobody answers for. `bench_probes [ENDPOINTS] [UNANSWERED]`
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/observe/observe.hpp"

namespace {

namespace asio = boost::asio;
using namespace pgpassage;
using Clock = std::chrono::steady_clock;
using netcheck::Observed;

int bound(int type, std::uint16_t& port) {
  const int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const int yes = 1, buffer = 8 * 1024 * 1024;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  socklen_t length = sizeof address;
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::abort();
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  port = ntohs(address.sin_port);
  return descriptor;
}

/// "n123.example" is 127.1.0.123: the number of the name, in its own address. AAAA has none.
void serve_names(int descriptor) {
  std::array<unsigned char, 512> packet{};
  for (;;) {
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    const auto size =
        recvfrom(descriptor, packet.data(), packet.size() - 16, 0, reinterpret_cast<sockaddr*>(&peer), &length);
    if (size < 18) continue;
    const int number = std::atoi(reinterpret_cast<const char*>(packet.data()) + 14);  // behind the length and 'n'
    packet[2] |= 0x80;
    auto end = static_cast<std::size_t>(size);
    if (packet[end - 3] == 1) {  // A
      packet[7] = 1;
      for (const int byte : {0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 1, number >> 8, number & 255})
        packet[end++] = static_cast<unsigned char>(byte);
    }
    sendto(descriptor, packet.data(), end, 0, reinterpret_cast<sockaddr*>(&peer), length);
  }
}

/// Says N to every SSLRequest.
void serve_postgres(int listener) {
  listen(listener, 4096);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  epoll_event wanted{.events = EPOLLIN, .data = {.fd = listener}};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int count = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == listener) {
        epoll_event readable{.events = EPOLLIN, .data = {.fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)}};
        epoll_ctl(poll, EPOLL_CTL_ADD, readable.data.fd, &readable);
        continue;
      }
      std::array<char, 64> bytes{};
      if (read(descriptor, bytes.data(), bytes.size()) <= 0 || write(descriptor, "N", 1) != 1) close(descriptor);
    }
  }
}

struct Outcome {
  double seconds = 0;
  std::size_t connected = 0, timed_out = 0;
};

Outcome ask(const scenarios::Questions& questions, std::uint16_t name_server, std::chrono::seconds patience) {
  asio::io_context context;
  const std::vector<std::string> servers{fmt::format("127.0.0.1:{}", name_server)};
  const auto began = Clock::now();
  auto asked = asio::co_spawn(context, scenarios::ask(questions, servers, deadline_in(patience)), asio::use_future);
  context.run();
  Outcome outcome{.seconds = std::chrono::duration<double>(Clock::now() - began).count()};
  for (const auto& [name, answered] : asked.get())
    for (const auto& [port, probes] : answered.probes)
      for (const auto& seen : probes) {
        outcome.connected += seen.observed == Observed::connected;
        outcome.timed_out += seen.observed == Observed::timed_out;
      }
  return outcome;
}

/// A listener whose queue is full: the kernel drops every further request to connect.
std::uint16_t nobody() {
  std::uint16_t port = 0;
  const int listener = bound(SOCK_STREAM, port);
  listen(listener, 0);
  for (int i = 0; i < 4; ++i) {
    const int filling = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(connect(filling, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }
  return port;
}

scenarios::Questions questions(int count, std::uint16_t port) {
  scenarios::Questions wanted;
  for (int i = 0; i < count; ++i) wanted[fmt::format("n{}.example", i)][port] = {};
  return wanted;
}

}  // namespace

int main(int count, char** values) {
  const int endpoints = count > 1 ? std::atoi(values[1]) : 10'000;
  const int unanswered = count > 2 ? std::atoi(values[2]) : 1'000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::uint16_t names = 0, postgres = 0;
  const int name_socket = bound(SOCK_DGRAM, names), listener = bound(SOCK_STREAM, postgres);
  std::thread{serve_names, name_socket}.detach();
  std::thread{serve_postgres, listener}.detach();

  const Outcome all = ask(questions(endpoints, postgres), names, std::chrono::seconds{60});
  fmt::print("{} endpoints: DNS, TCP and SSLRequest each in {:.2f} s, {} lost\n", endpoints, all.seconds,
             static_cast<std::size_t>(endpoints) - all.connected);
  constexpr std::chrono::seconds patience{2};
  const Outcome none = ask(questions(unanswered, nobody()), names, patience);
  fmt::print("{} unanswered targets: {:.2f} s with a time limit of {} s, {} timed out\n", unanswered, none.seconds,
             patience.count(), none.timed_out);
  std::fflush(stdout);
  _exit(all.connected == static_cast<std::size_t>(endpoints) ? 0 : 1);  // the servers' threads never end
}
