#pragma once

#include <filesystem>
#include <string>

#include "tests/temporary_directory.hpp"

namespace pgpassage::app {

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal when a signal ended it
  std::string output;
  std::string error;
};

/// A folder of a test's own in which the real binary runs.
class Workplace {
 public:
  /// Writes a file into the folder.
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  std::size_t files() const;

  /// Runs a shell command line in the folder; `pgpassage` is the binary under test.
  ProgramResult run(const std::string& command) const;

 private:
  test::TemporaryDirectory folder_{"cli"};
};

/// A migration in edition 2025-02's S01 that is ready on paper: both servers are public and each admits the other.
extern const char* const ready_topology;

}  // namespace pgpassage::app
