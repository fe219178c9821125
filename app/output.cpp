#include "app/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "app/failure.hpp"
#include "app/interruption.hpp"
#include "app/whole_file.hpp"

namespace pgpassage::app {
namespace {

auto cannot_write(std::string_view path, int error) {
  return fail(Errc::io, "cannot write '{}': {}", path, std::strerror(error));
}

Result<void> write_in_place(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return cannot_write(path, errno);
  const int written = write_all(file, text);
  const int closed = ::close(file) == 0 ? 0 : errno;
  if (written != 0 && written != EPIPE) return cannot_write(path, written);
  if (closed != 0) return cannot_write(path, closed);
  return {};
}

enum class Place { file, device, directory };  // a file may not be there yet; a device is also a pipe

Place place_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) return Place::file;
  return S_ISDIR(status.st_mode) ? Place::directory : Place::device;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const Place place = place_of(path);
  if (place == Place::device) return write_in_place(path, text);
  const int error = place == Place::directory ? EISDIR : write_whole_file(path, text);
  if (error != 0) return cannot_write(path, error);
  return {};
}

/// 0, or errno.
int would_write(const std::string& path) {
  switch (place_of(path)) {
    case Place::directory: return EISDIR;
    case Place::device: return ::access(path.c_str(), W_OK) == 0 ? 0 : errno;
    case Place::file: return could_write_whole_file(path);
  }
  return 0;
}

}  // namespace

Result<void> write_result(const CommonOptions& common, std::string_view text) {
  if (!common.output.empty()) return write_file(common.output, text);
  InterruptionHeld held;  // or half a result would be followed by another
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE) return cannot_write("standard output", error);
  held.drop();
  return {};
}

Result<void> require_output(const CommonOptions& common) {
  const int error = common.output.empty() ? 0 : would_write(common.output);
  if (error == 0) return {};
  return fail_with_cure(Errc::input, "give --output a file in a directory where you may write",
                        "cannot write '{}': {}; nothing was done", common.output, std::strerror(error));
}

int finish(const CommonOptions& common, std::string_view text, ExitCode code) {
  const Result<void> written = write_result(common, text);
  if (written) return static_cast<int>(code);
  return tell(common, Error{Errc::input, written.error().message, {}, "nothing was changed: give it another place"});
}

int finish_done(const CommonOptions& common, std::string_view text, ExitCode code, std::string done) {
  if (const Result<void> written = write_result(common, text); !written)
    tell(common, Error{Errc::io, written.error().message, {}, std::move(done)});
  return static_cast<int>(code);
}

}  // namespace pgpassage::app
