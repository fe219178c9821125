#include "app/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "app/interruption.hpp"

namespace pgpassage::app {
namespace {

mode_t mode_for(const struct stat* existing) {
  if (existing != nullptr) return existing->st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// The name is made from `temporary`, which ends in XXXXXX. Readable by its owner only until it is complete.
int open_temporary(std::string& temporary) { return ::mkostemp(temporary.data(), O_CLOEXEC); }

std::string replaced_by(const std::string& path) {
  std::error_code unresolved;
  const auto resolved = std::filesystem::weakly_canonical(path, unresolved);
  return unresolved ? path : resolved.string();
}

/// The owner first: a change of owner takes set-user-id bits away. Only root may make one, so a refusal is no failure.
int give_attributes(int file, const struct stat* existing, mode_t mode) {
  if (existing != nullptr && ::fchown(file, existing->st_uid, existing->st_gid) != 0 && errno != EPERM) return errno;
  return ::fchmod(file, mode) == 0 ? 0 : errno;
}

int complete(int file, std::string_view text, const struct stat* existing, mode_t mode) {
  int error = write_all(file, text);
  if (error == 0) error = give_attributes(file, existing, mode);
  if (error == 0 && ::fsync(file) != 0) error = errno;
  if (::close(file) != 0 && error == 0) error = errno;
  return error;
}

}  // namespace

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int write_whole_file(const std::string& path, std::string_view text, std::optional<mode_t> mode) {
  const InterruptionHeld held;  // or the temporary file would stay behind
  const std::string place = replaced_by(path);
  struct stat status {};
  const struct stat* existing = ::stat(place.c_str(), &status) == 0 ? &status : nullptr;
  std::string temporary = place + ".XXXXXX";
  const int file = open_temporary(temporary);
  if (file < 0) return errno;
  int error = complete(file, text, existing, mode ? *mode : mode_for(existing));
  if (error == 0 && ::rename(temporary.c_str(), place.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

int could_write_whole_file(const std::string& path) {
  const InterruptionHeld held;  // or the file would stay behind
  std::string temporary = replaced_by(path) + ".XXXXXX";
  const int file = open_temporary(temporary);
  if (file < 0) return errno;
  ::close(file);
  ::unlink(temporary.c_str());
  return 0;
}

}  // namespace pgpassage::app
