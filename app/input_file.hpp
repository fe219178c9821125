#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "netcheck/base/error.hpp"

/// Files that a command line names, read whole.
namespace pgpassage::app {

inline constexpr std::size_t most_mebibytes_read = 512;  ///< of any file

/// How many MiB a file may have, told by what has been read of it so far.
using MostMebibytes = std::size_t (*)(std::string_view beginning);

/// The bytes of a file; `-` is standard input, and a pipe is read to its end. Errc::input for what cannot be opened, a
/// directory, and more than `most` answers; `noun` is what it should have been: "a topology file". The message does
/// not name the file.
Result<std::string> read_input(const std::string& path, std::string_view noun, MostMebibytes most);
Result<std::string> read_input(const std::string& path, std::string_view noun);

}  // namespace pgpassage::app
