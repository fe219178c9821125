#include "migrate/schema/secret_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pgpassage::migrate {

Result<SecretFile> SecretFile::of(std::string_view text) {
  SecretFile file{memfd_create("pgpassage", MFD_CLOEXEC)};
  // libpq ignores a password file that others might read.
  if (file.descriptor_ < 0 || fchmod(file.descriptor_, S_IRUSR | S_IWUSR) != 0 ||
      write(file.descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail(Errc::io, "cannot keep a secret in memory: {}", std::strerror(errno));
  return file;
}

SecretFile::SecretFile(SecretFile&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

SecretFile& SecretFile::operator=(SecretFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

SecretFile::~SecretFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::string SecretFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace pgpassage::migrate
