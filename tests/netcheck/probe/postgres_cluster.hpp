#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pgpassage::testing {

/// A PostgreSQL cluster of its own on 127.0.0.1, made by initdb and gone with the object.
class PostgresCluster {
 public:
  /// Why it cannot be made here; absent when it can.
  static std::optional<std::string> missing();

  explicit PostgresCluster(bool with_tls);  ///< throws std::runtime_error with the program's output
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  ~PostgresCluster();

  std::uint16_t port() const { return port_; }

 private:
  std::string directory_;
  std::uint16_t port_ = 0;
};

}  // namespace pgpassage::testing
