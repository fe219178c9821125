#include "tests/live/fake_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace pgpassage::live {
namespace {

constexpr std::uint32_t ssl_request = 80877103;
constexpr std::uint32_t gss_request = 80877104;

std::string big_endian(std::uint32_t value) {
  const std::uint32_t network = htonl(value);
  return {reinterpret_cast<const char*>(&network), 4};
}

std::uint32_t number(const std::string& bytes) {
  std::uint32_t network = 0;
  bytes.copy(reinterpret_cast<char*>(&network), 4);
  return ntohl(network);
}

std::string message(char type, const std::string& body) {
  return type + big_endian(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

std::string parameter(std::string_view name, std::string_view value) {
  return message('S', std::string{name} + '\0' + std::string{value} + '\0');
}

std::string ready() { return message('Z', "I"); }

std::string welcome(const std::string& version) {
  return message('R', big_endian(0)) + parameter("server_version", version) + parameter("client_encoding", "UTF8") +
         parameter("standard_conforming_strings", "on") + message('K', big_endian(1) + big_endian(2)) + ready();
}

// Empty when the peer is gone or the test is over.
std::string receive(int peer, int stop, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    pollfd both[2] = {{peer, POLLIN, 0}, {stop, POLLIN, 0}};
    if (poll(both, 2, -1) < 0 || both[1].revents != 0) return {};
    char chunk[4096];
    const ssize_t got = recv(peer, chunk, std::min(sizeof chunk, size - bytes.size()), 0);
    if (got <= 0) return {};
    bytes.append(chunk, static_cast<std::size_t>(got));
  }
  return bytes;
}

void send_all(int peer, const std::string& bytes) {
  std::ignore = send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool log_in(int peer, int stop, const std::string& version) {
  for (;;) {
    const std::string length = receive(peer, stop, 4);
    if (length.empty()) return false;
    const std::string body = receive(peer, stop, number(length) - 4);
    if (body.empty()) return false;
    const bool asks_for_encryption = number(body) == ssl_request || number(body) == gss_request;
    send_all(peer, asks_for_encryption ? "N" : welcome(version));
    if (!asks_for_encryption) return true;
  }
}

std::string answer(char type) {
  switch (type) {
    case 'P': return message('1', "");
    case 'B': return message('2', "");
    case 'D': return message('n', "");
    case 'E': return message('C', std::string{"SELECT 0"} + '\0');
    case 'Q': return message('C', std::string{"SELECT 0"} + '\0') + ready();
    case 'S': return ready();
    default: return {};
  }
}

void converse(int peer, int stop, const std::string& version) {
  if (!log_in(peer, stop, version)) return;
  for (;;) {
    const std::string head = receive(peer, stop, 5);
    if (head.empty() || head.front() == 'X') return;
    const std::uint32_t size = number(head.substr(1)) - 4;
    if (size > 0 && receive(peer, stop, size).empty()) return;
    send_all(peer, answer(head.front()));
  }
}

}  // namespace

FakeServer::FakeServer(std::string version) : version_{std::move(version)} {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
      pipe2(stop_, O_CLOEXEC) != 0)
    throw std::runtime_error{"cannot listen on loopback"};
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

FakeServer::~FakeServer() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

void FakeServer::serve() {
  for (;;) {
    pollfd both[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (poll(both, 2, -1) < 0 || both[1].revents != 0) return;
    const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    converse(peer, stop_[0], version_);
    close(peer);
  }
}

}  // namespace pgpassage::live
