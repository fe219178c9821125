#pragma once

#include <string>
#include <string_view>

#include "netcheck/base/error.hpp"

namespace pgpassage::migrate {

/// A file without a name or a place on disk, for a secret that a program must read: neither its arguments nor its
/// environment hold it, and it is gone when both processes are.
class SecretFile {
 public:
  SecretFile() = default;  ///< none
  /// Errc::io when there is no memory or no descriptor left.
  static Result<SecretFile> of(std::string_view text);
  SecretFile(SecretFile&& other) noexcept;
  SecretFile& operator=(SecretFile&& other) noexcept;
  ~SecretFile();

  int descriptor() const { return descriptor_; }  ///< -1: none
  std::string path() const;                       ///< by which a program finds it that has inherited the descriptor

 private:
  explicit SecretFile(int descriptor) : descriptor_{descriptor} {}
  int descriptor_ = -1;
};

}  // namespace pgpassage::migrate
