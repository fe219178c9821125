#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/agent/wire/tls.hpp"

/// Who may come in. Reads files again when they change.
namespace pgpassage::app::agent {

struct AccessFiles {
  TlsFiles tls;       ///< an empty certificate: no TLS
  std::string token;  ///< file whose first line a client must know; empty: none

  bool encrypted() const { return !tls.certificate.empty(); }
  bool authenticated() const { return !tls.ca.empty() || !token.empty(); }
};

/// What holds now. A connection keeps the one it began with.
struct Keys {
  TlsContext tls;                                      ///< null: no TLS
  std::optional<std::array<unsigned char, 32>> token;  ///< SHA-256 of the token
};

/// Compares digests in constant time, so that neither length nor content shows in how long it takes.
bool knows_token(const Keys& keys, std::string_view authorization);

class Access {
 public:
  /// Errc::input for what cannot be read, does not fit, or is a token of less than 32 characters.
  static Result<Access> open(AccessFiles files);

  /// The files' present content; looked up anew when one of them has changed. Files that are wrong by then (half
  /// written, say) change nothing: the error is logged once and what held before goes on.
  std::shared_ptr<const Keys> keys();
  /// The next keys() reads the files whether or not they have changed.
  void forget() { read_at_ = {}; }

 private:
  using Stamp = std::array<std::array<std::int64_t, 4>, 5>;  // of each file: device's inode, size, time of change
  explicit Access(AccessFiles files) : files_{std::move(files)} {}
  Stamp stamp() const;
  Result<std::shared_ptr<const Keys>> read() const;

  AccessFiles files_;
  Stamp read_at_{};
  std::shared_ptr<const Keys> keys_;
};

}  // namespace pgpassage::app::agent
