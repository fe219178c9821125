#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace pgpassage::test {

/// A directory of its own below the system's temporary one, readable by its owner only. It goes, with all that is in
/// it, when the value goes.
class TemporaryDirectory {
 public:
  /// `name` tells a person who finds a left-over what made it.
  /// Throws std::filesystem::filesystem_error when none can be made: a test cannot go on without.
  explicit TemporaryDirectory(const std::string& name) {
    std::string pattern = (std::filesystem::temp_directory_path() / ("pgpassage-" + name + "-XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::filesystem::filesystem_error{"mkdtemp", pattern, {errno, std::generic_category()}};
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace pgpassage::test
