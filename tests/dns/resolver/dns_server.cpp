#include "tests/dns/resolver/dns_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace pgpassage::testing {
namespace {

void put16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<unsigned char>(value >> 8));
  bytes.push_back(static_cast<unsigned char>(value));
}

Bytes address_bytes(int family, std::string_view address) {
  Bytes bytes(family == AF_INET ? 4 : 16);
  if (inet_pton(family, std::string{address}.c_str(), bytes.data()) != 1) throw std::invalid_argument{"not an address"};
  return bytes;
}

Question question_of(Bytes packet, bool tcp) {
  Question question;
  question.id = static_cast<std::uint16_t>(packet.at(0) << 8 | packet.at(1));
  std::size_t at = 12;
  for (std::size_t length = packet.at(at); length != 0; length = packet.at(at)) {
    if (!question.name.empty()) question.name += '.';
    question.name.append(packet.begin() + static_cast<long>(at) + 1,
                         packet.begin() + static_cast<long>(at + 1 + length));
    at += 1 + length;
  }
  question.type = static_cast<std::uint16_t>(packet.at(at + 1) << 8 | packet.at(at + 2));
  question.tcp = tcp;
  question.packet = std::move(packet);
  return question;
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  SocketAddress(const std::string& text, std::uint16_t port) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
      v4->sin_family = AF_INET;
      v4->sin_port = htons(port);
      length = sizeof *v4;
    } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(port);
      length = sizeof *v6;
    }
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

int bound(const std::string& address, std::uint16_t port, int type) {
  SocketAddress where{address, port};
  const int socket = ::socket(where.get()->sa_family, type | SOCK_CLOEXEC, 0);
  if (socket >= 0 && ::bind(socket, where.get(), where.length) == 0) return socket;
  if (socket >= 0) ::close(socket);
  return -1;
}

std::uint16_t port_of(int socket) {
  sockaddr_in6 where{};  // the port is at the same offset in both families
  socklen_t length = sizeof where;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &length);
  return ntohs(where.sin6_port);
}

bool read_all(int socket, unsigned char* into, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::read(socket, into + done, size - done);
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

Bytes encoded_name(std::string_view name) {
  Bytes bytes;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('.'), name.size());
    bytes.push_back(static_cast<unsigned char>(end));
    bytes.insert(bytes.end(), name.begin(), name.begin() + static_cast<long>(end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  bytes.push_back(0);
  return bytes;
}

Answer::Answer(const Question& question, int rcode) {
  put16(bytes_, question.id);
  put16(bytes_, 0x8180U | static_cast<unsigned>(rcode));  // an answer, recursion desired and available
  for (const std::size_t count : {1, 0, 0, 0}) put16(bytes_, count);
  const Bytes name = encoded_name(question.name);
  bytes_.insert(bytes_.end(), name.begin(), name.end());
  put16(bytes_, question.type);
  put16(bytes_, 1);
}

Answer& Answer::record(std::string_view owner, std::uint16_t type, std::uint32_t ttl, const Bytes& data) {
  const Bytes name = encoded_name(owner);
  bytes_.insert(bytes_.end(), name.begin(), name.end());
  put16(bytes_, type);
  put16(bytes_, 1);
  put16(bytes_, ttl >> 16);
  put16(bytes_, ttl & 0xFFFF);
  put16(bytes_, data.size());
  bytes_.insert(bytes_.end(), data.begin(), data.end());
  if (++bytes_[7] == 0) ++bytes_[6];
  return *this;
}

Answer& Answer::a(std::string_view owner, std::string_view address, std::uint32_t ttl) {
  return record(owner, 1, ttl, address_bytes(AF_INET, address));
}
Answer& Answer::aaaa(std::string_view owner, std::string_view address, std::uint32_t ttl) {
  return record(owner, 28, ttl, address_bytes(AF_INET6, address));
}
Answer& Answer::cname(std::string_view owner, std::string_view target, std::uint32_t ttl) {
  return record(owner, 5, ttl, encoded_name(target));
}

Answer& Answer::id(std::uint16_t id) {
  bytes_[0] = static_cast<unsigned char>(id >> 8);
  bytes_[1] = static_cast<unsigned char>(id);
  return *this;
}

Answer& Answer::truncated() {
  bytes_[2] |= 0x02;
  return *this;
}

DnsServer::DnsServer(Script script, std::string address, bool with_tcp)
    : script_{std::move(script)}, address_{std::move(address)} {
  // The port that UDP got may be taken for TCP: try another.
  for (int attempt = 0; attempt < 20 && (udp_ < 0 || tcp_ < 0); ++attempt) {
    if (udp_ >= 0) ::close(udp_);
    udp_ = bound(address_, 0, SOCK_DGRAM);
    if (udp_ < 0) throw std::runtime_error{"no UDP port on " + address_};
    port_ = port_of(udp_);
    tcp_ = bound(address_, port_, SOCK_STREAM);
  }
  if (tcp_ < 0 || ::pipe2(stop_, O_CLOEXEC) != 0) throw std::runtime_error{"no TCP port on " + address_};
  if (with_tcp) ::listen(tcp_, 8);  // bound and not listening refuses, and nobody else can have the port
  thread_ = std::thread{[this] { serve(); }};
}

DnsServer::~DnsServer() {
  ::close(stop_[1]);
  thread_.join();
  for (const int each : {udp_, tcp_, stop_[0]}) ::close(each);
}

std::string DnsServer::name() const {
  const std::string host = address_.find(':') == address_.npos ? address_ : '[' + address_ + ']';
  return host + ':' + std::to_string(port_);
}

void DnsServer::serve() {
  for (;;) {
    pollfd ready[] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    if (::poll(ready, 3, -1) < 0 || ready[2].revents != 0) return;
    if ((ready[0].revents & POLLIN) != 0) answer_udp();
    if ((ready[1].revents & POLLIN) != 0) answer_tcp();
  }
}

void DnsServer::answer_udp() {
  Bytes packet(65536);
  SocketAddress peer{address_, 0};
  const ssize_t got = ::recvfrom(udp_, packet.data(), packet.size(), 0, peer.get(), &peer.length);
  if (got < 12) return;
  packet.resize(static_cast<std::size_t>(got));
  ++questions_;
  for (const Bytes& answer : script_(question_of(std::move(packet), false)))
    ::sendto(udp_, answer.data(), answer.size(), 0, peer.get(), peer.length);
}

void DnsServer::answer_tcp() {
  const int peer = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  unsigned char size[2];
  while (read_all(peer, size, 2)) {  // c-ares asks A and AAAA on one connection
    Bytes packet(static_cast<std::size_t>(size[0] << 8 | size[1]));
    if (!read_all(peer, packet.data(), packet.size())) break;
    ++tcp_questions_;
    for (const Bytes& answer : script_(question_of(std::move(packet), true))) {
      Bytes framed;
      put16(framed, answer.size());
      framed.insert(framed.end(), answer.begin(), answer.end());
      if (::send(peer, framed.data(), framed.size(), MSG_NOSIGNAL) < 0) break;
    }
  }
  ::close(peer);
}

}  // namespace pgpassage::testing
