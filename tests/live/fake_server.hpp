#pragma once

#include <sys/types.h>

#include <string>
#include <thread>

#include "netcheck/base/address.hpp"

/// A listener on 127.0.0.1 that speaks PostgreSQL's protocol as far as a login, for versions that nobody has here.
namespace pgpassage::live {

class FakeServer {
 public:
  /// Lets everybody in, calls itself `version` ("9.4.26"), and answers every query with no rows.
  explicit FakeServer(std::string version);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  Port port() const { return port_; }

 private:
  void serve();

  std::string version_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};  ///< closing its second end ends every wait
  Port port_ = 0;
  std::thread thread_;
};

}  // namespace pgpassage::live
