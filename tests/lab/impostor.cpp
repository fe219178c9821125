#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

/// Something that stands where a server should and is none: `impostor KIND ADDRESS PORT`. Prints "ready" and serves
/// until it is killed. Kinds: http, silent and starting-up (TCP); servfail and slow (DNS over UDP; slow asks Azure's
/// resolver).
namespace {

sockaddr_in address_of(const char* address, const char* port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  inet_pton(AF_INET, address, &result.sin_addr);
  return result;
}

int bound(int type, const sockaddr_in& address) {
  const int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  return bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? descriptor : -1;
}

void ready() {
  fmt::print("ready\n");
  std::fflush(stdout);
}

using std::string_view_literals::operator""sv;
constexpr std::string_view starting_up =
    "E\0\0\0\x54SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0RProcessStartupPacket\0\0"sv;

void answer(int connection, std::string_view kind) {
  std::array<char, 4096> bytes{};
  const auto asked = [&] { return read(connection, bytes.data(), bytes.size()) > 0; };
  const auto say = [&](std::string_view words) { static_cast<void>(!write(connection, words.data(), words.size())); };
  if (kind == "silent") {
    while (asked()) continue;
  } else if (kind == "http") {
    if (asked()) say("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n");
  } else if (asked()) {
    say("N");
    if (asked()) say(starting_up);
  }
  close(connection);
}

int serve_tcp(std::string_view kind, const sockaddr_in& address) {
  const int listener = bound(SOCK_STREAM, address);
  if (listener < 0 || listen(listener, 16) != 0) return 1;
  ready();
  for (;;) answer(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), kind);
}

using Packet = std::array<char, 4096>;

ssize_t refuse(Packet& packet, ssize_t size) {
  packet[2] = static_cast<char>(packet[2] | 0x80);  // an answer
  packet[3] = static_cast<char>(0x82);              // recursion available, SERVFAIL
  return size;
}

ssize_t relay_late(Packet& packet, ssize_t size) {
  const sockaddr_in resolver = address_of("168.63.129.16", "53");
  const int upstream = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  poll(nullptr, 0, 700);  // the lateness is what is tested
  sendto(upstream, packet.data(), static_cast<std::size_t>(size), 0, reinterpret_cast<const sockaddr*>(&resolver),
         sizeof resolver);
  const ssize_t answered = recv(upstream, packet.data(), packet.size(), 0);
  close(upstream);
  return answered;
}

int serve_dns(std::string_view kind, const sockaddr_in& address) {
  const int descriptor = bound(SOCK_DGRAM, address);
  if (descriptor < 0) return 1;
  ready();
  for (;;) {
    Packet packet{};
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    const auto asked =
        recvfrom(descriptor, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&peer), &length);
    if (asked < 12) continue;
    const auto size = kind == "servfail" ? refuse(packet, asked) : relay_late(packet, asked);
    sendto(descriptor, packet.data(), static_cast<std::size_t>(size), 0, reinterpret_cast<sockaddr*>(&peer), length);
  }
}

}  // namespace

int main(int count, char** values) {
  if (count != 4) return 2;
  const std::string_view kind = values[1];
  const sockaddr_in address = address_of(values[2], values[3]);
  return kind == "servfail" || kind == "slow" ? serve_dns(kind, address) : serve_tcp(kind, address);
}
