#include "tests/lab/listeners.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "tests/lab/process.hpp"

namespace pgpassage::lab {
namespace {

Result<int> listen_on(Port port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in everywhere{};
  everywhere.sin_family = AF_INET;
  everywhere.sin_port = htons(port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&everywhere), sizeof everywhere) == 0 && listen(fd, 1024) == 0)
    return fd;
  const int error = errno;
  close(fd);
  return fail(Errc::io, "cannot listen on port {}: {}", port, strerror(error));
}

/// Both kinds of readiness look alike: a listener has a caller, or a caller has said something or is gone.
void serve(pollfd& one, bool listener, std::vector<pollfd>& callers) {
  if (one.revents == 0) return;
  if (listener) {
    while (true) {
      const int caller = accept4(one.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (caller < 0) return;
      callers.push_back({caller, POLLIN, 0});
    }
  }
  std::array<char, 64> words{};
  if (read(one.fd, words.data(), words.size()) > 0) static_cast<void>(send(one.fd, "N", 1, MSG_NOSIGNAL));
  close(one.fd);
  one.fd = -1;
}

[[noreturn]] void serve_all(std::vector<pollfd> sockets) {
  const std::size_t listeners = sockets.size();
  for (;;) {
    if (poll(sockets.data(), sockets.size(), -1) < 0 && errno != EINTR) _exit(1);
    std::vector<pollfd> callers;
    for (std::size_t i = 0; i < sockets.size(); ++i) serve(sockets[i], i < listeners, callers);
    std::erase_if(sockets, [](const pollfd& one) { return one.fd < 0; });
    sockets.insert(sockets.end(), callers.begin(), callers.end());
  }
}

}  // namespace

Result<void> start_listeners(const LabPlan& plan) {
  std::vector<pollfd> sockets;
  for (const Cluster& cluster : plan.clusters) {
    // A socket stays in the namespace in which it was made.
    auto made = in_place(cluster.place, [&]() -> Result<void> {
      const auto fd = listen_on(cluster.port);
      if (!fd) return tl::unexpected(fd.error());
      sockets.push_back({*fd, POLLIN, 0});
      return {};
    });
    if (!made) return made;
  }
  const pid_t child = fork();
  if (child == 0) serve_all(std::move(sockets));
  for (const pollfd& one : sockets) close(one.fd);
  return child > 0 ? Result<void>{} : fail(Errc::io, "fork: {}", strerror(errno));
}

}  // namespace pgpassage::lab
