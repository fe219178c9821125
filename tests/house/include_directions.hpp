#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pgpassage::house {

/// One #include line that points the wrong way.
struct WrongInclude {
  std::string file;  ///< relative to the root
  int line = 0;
  std::string included;
  std::string why;

  bool operator==(const WrongInclude&) const = default;
};

/// Reads every .hpp and .cpp file of the rooms and of tests/ under `root`. The directions:
///   app -> migrate -> scenarios -> dns -> netcheck, never back; no room includes tests/;
///   a pure subfolder includes no live one; tests/lab includes netcheck/base and netcheck/topology alone;
///   a room's headers are included from the root.
/// In the order of files and lines.
std::vector<WrongInclude> wrong_includes(const std::filesystem::path& root);

/// How many source files were read: a test of nothing must not pass.
std::size_t source_files(const std::filesystem::path& root);

}  // namespace pgpassage::house
