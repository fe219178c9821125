#include "app/output.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>

#include "app/failure.hpp"
#include "app/interruption.hpp"

namespace pgpassage::app {
namespace {

/// 0, or errno.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

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

mode_t mode_for(const struct stat* existing) {
  if (existing != nullptr) return existing->st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// The name is made from `temporary`, which ends in XXXXXX.
int open_temporary(std::string& temporary) { return ::mkostemp(temporary.data(), O_CLOEXEC); }

/// 0, or errno; the temporary file is gone when it failed.
int replace(const std::string& path, const struct stat* existing, std::string_view text) {
  const InterruptionHeld held;  // or the temporary file would stay behind
  std::string temporary = path + ".XXXXXX";
  const int file = open_temporary(temporary);
  if (file < 0) return errno;
  int error = write_all(file, text);
  if (error == 0 && ::fchmod(file, mode_for(existing)) != 0) error = errno;
  if (error == 0 && ::fsync(file) != 0) error = errno;
  if (::close(file) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

/// The file that a symbolic link names is replaced, not the link.
std::string replaced_by(const std::string& given) {
  std::error_code unresolved;
  const auto resolved = std::filesystem::weakly_canonical(given, unresolved);
  return unresolved ? given : resolved.string();
}

Result<void> write_file(const std::string& given, std::string_view text) {
  struct stat status {};
  const bool exists = ::stat(given.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot_write(given, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) return write_in_place(given, text);
  const int error = replace(replaced_by(given), exists ? &status : nullptr, text);
  if (error != 0) return cannot_write(given, error);
  return {};
}

/// 0, or errno. Nobody but the file system itself can say whether a file may be made there: one is, and goes again.
int would_write(const std::string& given) {
  struct stat status {};
  const bool exists = ::stat(given.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return EISDIR;
  if (exists && !S_ISREG(status.st_mode)) return ::access(given.c_str(), W_OK) == 0 ? 0 : errno;
  const InterruptionHeld held;  // or the file would stay behind
  std::string temporary = replaced_by(given) + ".XXXXXX";
  const int file = open_temporary(temporary);
  if (file < 0) return errno;
  ::close(file);
  ::unlink(temporary.c_str());
  return 0;
}

bool environment_has(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!environment_has(name)) continue;
    const std::string_view value = std::getenv(name);
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos || value.find("utf-8") != value.npos;
  }
  return false;
}

/// Lines longer than 80 columns are hard to read, and in fewer than 40 nothing has room.
int width_of(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return TextStyle{}.width;
  return std::clamp<int>(size.ws_col, 40, TextStyle{}.width);
}

TextStyle style_for(const CommonOptions& common, int descriptor, bool may_be_terminal) {
  TextStyle style;
  style.unicode = utf8_locale();
  if (may_be_terminal) style.width = width_of(descriptor);
  if (common.color != ColorMode::automatic) {
    style.color = common.color == ColorMode::always;
    return style;
  }
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view{terminal} == "dumb";
  style.color = may_be_terminal && !dumb && !environment_has("NO_COLOR") && ::isatty(descriptor) == 1;
  return style;
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

TextStyle result_style(const CommonOptions& common) { return style_for(common, STDOUT_FILENO, common.output.empty()); }

int result_columns(const CommonOptions& common) {
  winsize size{};
  if (!common.output.empty() || ::isatty(STDOUT_FILENO) != 1) return std::numeric_limits<int>::max();
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? std::max<int>(80, size.ws_col) : 80;
}

TextStyle error_style(const CommonOptions& common) { return style_for(common, STDERR_FILENO, true); }

}  // namespace pgpassage::app
