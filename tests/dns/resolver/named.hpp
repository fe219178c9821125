#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "tests/temporary_directory.hpp"

namespace pgpassage::testing {

/// A real bind9 on 127.0.0.1 that is authoritative for one zone, gone with the object.
class Named {
 public:
  /// Why it cannot run here; absent when it can.
  static std::optional<std::string> missing();

  /// `records` is the zone file below $TTL, SOA and NS. Throws std::runtime_error with named's own words.
  Named(const std::string& zone, const std::string& records);
  Named(const Named&) = delete;
  Named& operator=(const Named&) = delete;
  ~Named();

  std::string name() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void stop();

  test::TemporaryDirectory directory_{"named"};
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace pgpassage::testing
