#include "tests/lab/prober.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "tests/lab/process.hpp"

namespace pgpassage::lab {
namespace {

Outcome outcome_of(int error) {
  switch (error) {
    case 0: return Outcome::connected;
    case ECONNREFUSED: return Outcome::refused;
    case ETIMEDOUT: return Outcome::timed_out;
    default: return Outcome::unreachable;
  }
}

int connect_within(int fd, const sockaddr_in& peer, std::chrono::milliseconds patience) {
  if (connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{fd, POLLOUT, 0};
  if (poll(&ready, 1, static_cast<int>(patience.count())) == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

/// The thread's own network namespace is changed, not the process's.
Outcome attempt(const Attempt& one, std::chrono::milliseconds patience) {
  const int place = open(namespace_path(one.place).c_str(), O_RDONLY | O_CLOEXEC);
  const bool joined = place >= 0 && setns(place, CLONE_NEWNET) == 0;
  if (place >= 0) close(place);
  if (!joined) return Outcome::not_tried;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Outcome::not_tried;
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(one.port);
  peer.sin_addr.s_addr = htonl(one.address.ipv4());
  const int error = connect_within(fd, peer, patience);
  close(fd);
  return outcome_of(error);
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::connected: return "connected";
    case Outcome::refused: return "refused";
    case Outcome::timed_out: return "timedOut";
    case Outcome::unreachable: return "unreachable";
    case Outcome::not_tried: break;
  }
  return "notTried";
}

std::vector<Outcome> probe(const std::vector<Attempt>& attempts, std::chrono::milliseconds patience) {
  std::vector<Outcome> outcomes(attempts.size(), Outcome::not_tried);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < attempts.size(); ++i)
    threads.emplace_back([&, i] { outcomes[i] = attempt(attempts[i], patience); });
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

}  // namespace pgpassage::lab
