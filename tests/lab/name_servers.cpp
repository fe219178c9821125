#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>

#include "tests/lab/process.hpp"
#include "tests/lab/raise.hpp"

namespace pgpassage::lab {
namespace {

std::string directory_of(const NameServer& server) {
  return fmt::format("{}/named/{}-{}", inside, server.place, server.listen);
}

/// A copy of named under another path: profiles of AppArmor go by the path, and Debian's forbids named our files.
Result<std::string> program() {
  const std::string copy = "/run/named";
  if (access(copy.c_str(), X_OK) == 0) return copy;
  auto copied = run("", {"cp", "/usr/sbin/named", copy}, "", log_path("named"));
  return copied ? Result<std::string>{copy} : tl::unexpected(copied.error());
}

/// Asks for the root's SOA over UDP; any answer will do.
bool answers(const std::string& address) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(53);
  inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  // id 1, no recursion, one question; root name, type SOA, class IN
  constexpr std::array<unsigned char, 17> query{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1};
  std::array<unsigned char, 512> reply{};
  pollfd ready{fd, POLLIN, 0};
  const bool asked = connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0 &&
                     send(fd, query.data(), query.size(), 0) > 0;
  const bool heard = asked && poll(&ready, 1, 20) > 0 && recv(fd, reply.data(), reply.size(), 0) > 0;
  // A closed port is reported at once: pace the next try by the poll that did not wait.
  if (!heard && ready.revents != 0) poll(nullptr, 0, 5);
  close(fd);
  return heard;
}

}  // namespace

Result<void> start_name_server(const NameServer& server) {
  const std::string directory = directory_of(server);
  mkdir(directory.c_str(), 0755);
  for (std::size_t i = 0; i < server.zones.size(); ++i)
    if (auto written = write_file(fmt::format("{}/zone{}", directory, i), server.zones[i].text); !written)
      return written;
  const std::string config = directory + "/named.conf";
  if (auto written = write_file(config, config_text(server, directory)); !written) return written;
  const auto named = program();
  if (!named) return tl::unexpected(named.error());
  auto child = start(server.place, {*named, "-g", "-n", "1", "-c", config}, directory + "/log");
  if (!child) return tl::unexpected(child.error());
  return write_file(directory + "/pid", std::to_string(child->pid));
}

Result<void> stop_name_server(const NameServer& server) {
  const auto text = read_file(directory_of(server) + "/pid");
  if (!text) return tl::unexpected(text.error());
  const auto pid = static_cast<pid_t>(std::stol(*text));
  if (kill(pid, SIGKILL) != 0 && errno != ESRCH)
    return fail(Errc::permission, "cannot stop the DNS server of {}", server.place);
  // It is the first process's child, which reaps it; the port is free when kill finds nothing any more.
  for (int tries = 0; kill(pid, 0) == 0; ++tries) {
    if (tries > 2000) return fail(Errc::timed_out, "the DNS server of {} does not end", server.place);
    poll(nullptr, 0, 1);
  }
  return {};
}

Result<void> await_name_server(const NameServer& server) {
  return in_place(server.place, [&]() -> Result<void> {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!answers(server.listen))
      if (std::chrono::steady_clock::now() > deadline)
        return fail(Errc::program, "the DNS server of {} does not start: see named/{}-{}/log", server.place,
                    server.place, server.listen);
    return {};
  });
}

}  // namespace pgpassage::lab
