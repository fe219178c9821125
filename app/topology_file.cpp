#include "app/topology_file.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>

#include "app/input_file.hpp"
#include "netcheck/topology/reader.hpp"

namespace pgpassage::app {
namespace {

constexpr std::size_t most_yaml_mebibytes = 64;

// YAML's limit holds for what does not say yet what it is.
std::size_t most_mebibytes(std::string_view text) {
  return format_of(text) == TopologyFormat::json ? most_mebibytes_read : most_yaml_mebibytes;
}

}  // namespace

std::string sha256_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string hexadecimal;
  for (const unsigned char byte : digest) hexadecimal += fmt::format("{:02x}", byte);
  return hexadecimal;
}

tl::expected<TopologyFile, InputErrors> open_topology(const std::string& path) {
  return open_migration_topology(path, {});
}

tl::expected<TopologyFile, InputErrors> open_migration_topology(const std::string& path, std::string_view command) {
  Result<std::string> text = read_input(path, "a topology file", most_mebibytes);
  if (!text) return tl::unexpected(InputErrors{path, {{{}, text.error().message, {}}}});
  auto topology = read_topology(*text, command);
  if (!topology) return tl::unexpected(InputErrors{path, std::move(topology.error())});
  std::string sum = sha256_of(*text);
  return TopologyFile{path, std::move(sum), *std::move(text), std::move(*topology)};
}

}  // namespace pgpassage::app
