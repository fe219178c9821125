#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/failure.hpp"
#include "netcheck/topology/topology.hpp"

/// From a path on the command line to a topology. Reads the file system.
namespace pgpassage::app {

struct TopologyFile {
  std::string path;    ///< as the user wrote it
  std::string sha256;  ///< of the bytes read, 64 lower-case hexadecimal digits
  std::string text;    ///< the bytes read
  Topology topology;
};

/// Opens, reads and parses. `-` is standard input; a pipe is read to its end. What cannot be opened, a directory, and
/// more than 64 MiB of YAML or 512 MiB of JSON are errors that name the file.
tl::expected<TopologyFile, InputErrors> open_topology(const std::string& path);

/// The same for a command that works on the file's migration: a file without one has that error
/// too, at its first character.
tl::expected<TopologyFile, InputErrors> open_migration_topology(const std::string& path, std::string_view command);

/// SHA-256 in hexadecimal.
std::string sha256_of(std::string_view bytes);

}  // namespace pgpassage::app
