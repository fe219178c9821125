#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// A DNS server on loopback that says what a test tells it to, over UDP and TCP.
namespace pgpassage::testing {

using Bytes = std::vector<unsigned char>;
using Messages = std::vector<Bytes>;

struct Question {
  std::uint16_t id = 0;
  std::string name;  ///< as asked, without the trailing dot
  std::uint16_t type = 0;
  bool tcp = false;
  Bytes packet;  ///< the whole query

  bool asks_a() const { return type == 1; }
  bool asks_aaaa() const { return type == 28; }
};

/// Builds an answer to one question.
class Answer {
 public:
  explicit Answer(const Question& question, int rcode = 0);
  Answer& a(std::string_view owner, std::string_view address, std::uint32_t ttl = 60);
  Answer& aaaa(std::string_view owner, std::string_view address, std::uint32_t ttl = 60);
  Answer& cname(std::string_view owner, std::string_view target, std::uint32_t ttl = 60);
  Answer& record(std::string_view owner, std::uint16_t type, std::uint32_t ttl, const Bytes& data);
  Answer& id(std::uint16_t id);
  Answer& truncated();
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

Bytes encoded_name(std::string_view name);

/// What to send back, in order; nothing for silence.
using Script = std::function<Messages(const Question&)>;

class DnsServer {
 public:
  /// `address` is 127.0.0.x or ::1. The port is free for both protocols.
  explicit DnsServer(Script script, std::string address = "127.0.0.1", bool with_tcp = true);
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer();

  std::string name() const;  ///< "127.0.0.1:40053", "[::1]:40053"
  int questions() const { return questions_; }
  int tcp_questions() const { return tcp_questions_; }

 private:
  void serve();
  void answer_udp();
  void answer_tcp();

  Script script_;
  std::string address_;
  std::uint16_t port_ = 0;
  int udp_ = -1, tcp_ = -1, stop_[2] = {-1, -1};
  std::atomic<int> questions_ = 0, tcp_questions_ = 0;
  std::thread thread_;
};

}  // namespace pgpassage::testing
