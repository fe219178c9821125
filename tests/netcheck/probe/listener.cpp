#include "tests/netcheck/probe/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace pgpassage::testing {
namespace {

int bound(const std::string& address, std::uint16_t port) {
  sockaddr_in6 v6{.sin6_family = AF_INET6, .sin6_port = htons(port)};
  sockaddr_in v4{.sin_family = AF_INET, .sin_port = htons(port)};
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1;
  if (!is_v4) inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr);
  const auto* where = is_v4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
  const int socket = ::socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (socket >= 0 && ::bind(socket, where, is_v4 ? sizeof v4 : sizeof v6) == 0) return socket;
  if (socket >= 0) ::close(socket);
  throw std::runtime_error{"cannot bind " + address};
}

std::uint16_t port_of(int socket) {
  sockaddr_in6 where{};  // the port is at the same offset in both families
  socklen_t length = sizeof where;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &length);
  return ntohs(where.sin6_port);
}

}  // namespace

Listener::Listener(std::string answer, Then then, std::string address, std::uint16_t port)
    : answer_{std::move(answer)}, then_{then}, socket_{bound(address, port)} {
  port_ = port_of(socket_);
  ::listen(socket_, 64);
  thread_ = std::jthread{[this] { serve(); }};
}

Listener::~Listener() {
  ::shutdown(socket_, SHUT_RDWR);  // accept() returns
  thread_.join();
  ::close(socket_);
}

void Listener::serve() {
  for (int peer; (peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(peer)) {
    char request[8];
    ::recv(peer, request, sizeof request, MSG_WAITALL);
    ::send(peer, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    if (then_ == Then::wait) {
      char more[1024];
      while (::recv(peer, more, sizeof more, 0) > 0) {
      }
    }
    const linger at_once{1, 0};
    if (then_ == Then::reset) ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
}

ClosedPort::ClosedPort(const std::string& address) : socket_{bound(address, 0)}, port_{port_of(socket_)} {}
ClosedPort::~ClosedPort() { ::close(socket_); }

}  // namespace pgpassage::testing
