#include "app/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pgpassage::app {
namespace {

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value > STDERR_FILENO) ::close(value);
  }
};

tl::unexpected<Error> cannot_read(int error) { return fail(Errc::input, "cannot read: {}", std::strerror(error)); }

Result<std::string> read_to_end(int descriptor, std::size_t expected_bytes, MostMebibytes most_mebibytes) {
  std::string text;
  text.reserve(std::min(expected_bytes, most_mebibytes_read << 20));
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

}  // namespace

Result<std::string> read_input(const std::string& path, std::string_view noun, MostMebibytes most) {
  const Descriptor file{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0 && errno == ENOENT) return fail(Errc::input, "no such file");
  if (file.value < 0) return cannot_read(errno);
  struct stat status {};
  if (::fstat(file.value, &status) != 0) return cannot_read(errno);
  if (S_ISDIR(status.st_mode)) return fail(Errc::input, "is a directory, not {}", noun);
  const auto bytes = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : std::size_t{0};
  return read_to_end(file.value, bytes, most);
}

Result<std::string> read_input(const std::string& path, std::string_view noun) {
  return read_input(path, noun, [](std::string_view) { return most_mebibytes_read; });
}

}  // namespace pgpassage::app
