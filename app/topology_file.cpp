#include "app/topology_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "netcheck/topology/reader.hpp"

namespace pgpassage::app {
namespace {

constexpr std::size_t most_yaml_mebibytes = 64;
constexpr std::size_t most_json_mebibytes = 512;

// YAML's limit holds for what does not say yet what it is.
std::size_t most_mebibytes(std::string_view text) {
  return format_of(text) == TopologyFormat::json ? most_json_mebibytes : most_yaml_mebibytes;
}

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value > STDERR_FILENO) ::close(value);
  }
};

tl::unexpected<Error> cannot_read(int error) { return fail(Errc::input, "cannot read: {}", std::strerror(error)); }

Result<std::string> read_to_end(int descriptor, std::size_t expected_bytes) {
  std::string text;
  text.reserve(std::min(expected_bytes, most_json_mebibytes << 20));
  std::array<char, 1 << 16> chunk;
  while (true) {
    const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_read(errno);
    if (count == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
    const std::size_t most = most_mebibytes(text);
    if (std::max(text.size(), expected_bytes) > most << 20)
      return fail(Errc::input, "the file is larger than {} MiB", most);
  }
}

Result<std::string> read_file(const std::string& path) {
  const Descriptor file{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0 && errno == ENOENT) return fail(Errc::input, "no such file");
  if (file.value < 0) return cannot_read(errno);
  struct stat status {};
  if (::fstat(file.value, &status) != 0) return cannot_read(errno);
  if (S_ISDIR(status.st_mode)) return fail(Errc::input, "is a directory, not a topology file");
  const auto bytes = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : std::size_t{0};
  return read_to_end(file.value, bytes);
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
  Result<std::string> text = read_file(path);
  if (!text) return tl::unexpected(InputErrors{path, {{{}, text.error().message, {}}}});
  auto topology = read_topology(*text, command);
  if (!topology) return tl::unexpected(InputErrors{path, std::move(topology.error())});
  std::string sum = sha256_of(*text);
  return TopologyFile{path, std::move(sum), *std::move(text), std::move(*topology)};
}

}  // namespace pgpassage::app
