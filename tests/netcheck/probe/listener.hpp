#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace pgpassage::testing {

/// A TCP listener on loopback that reads eight bytes (an SSLRequest) of each connection and answers with fixed bytes.
class Listener {
 public:
  enum class Then {
    wait,   ///< until the peer closes
    close,  ///< at once
    reset   ///< with RST
  };
  explicit Listener(std::string answer, Then then = Then::wait, std::string address = "127.0.0.1",
                    std::uint16_t port = 0);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  std::uint16_t port() const { return port_; }

 private:
  void serve();

  std::string answer_;
  Then then_;
  std::uint16_t port_ = 0;
  int socket_ = -1;
  std::jthread thread_;
};

/// A port of 127.0.0.1 that is bound by this object and refuses connections.
class ClosedPort {
 public:
  explicit ClosedPort(const std::string& address = "127.0.0.1");
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort();
  std::uint16_t port() const { return port_; }

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace pgpassage::testing
