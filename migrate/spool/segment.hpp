#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "migrate/cdc/change.hpp"
#include "migrate/spool/frame.hpp"
#include "netcheck/base/error.hpp"

/// One file of the spool. Live.
namespace pgpassage::migrate {

/// A file descriptor that is closed when it goes out of scope.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_{descriptor} {}
  File(File&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  File& operator=(File&& other) noexcept;
  ~File();
  int get() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// Why the last system call on `path` failed: Errc::disk_full, Errc::permission or Errc::io.
tl::unexpected<Error> failed(std::string_view doing, const std::filesystem::path& path);

/// Reads the messages of a file from its front. What is written behind its end meanwhile is seen by the next call.
class SegmentReader {
 public:
  static Result<SegmentReader> open(const std::filesystem::path& path);

  struct Frame {
    FrameHeader header;
    std::string_view payload;  ///< holds until the next call
  };
  /// Absent: the file ends here, or in the middle of a frame. Errc::io for a frame that is not as it was written.
  Result<std::optional<Frame>> next();
  std::uint64_t offset() const { return offset_; }  ///< behind the last frame that was read

 private:
  Result<bool> fill(std::size_t bytes);

  std::filesystem::path path_;
  File file_;
  std::string buffer_;
  std::size_t used_ = 0;  // of the buffer
  std::uint64_t offset_ = 0;
};

/// The last transaction of a file that ends at `limit` or before.
struct LastWhole {
  cdc::Lsn end = {};         ///< none: there is none
  std::uint64_t offset = 0;  ///< behind it
  bool last = true;          ///< no transaction of the file ends behind it
};
/// Damage ends a file like a torn frame does. Errc::io and Errc::permission when it cannot be read at all.
Result<LastWhole> last_whole(const std::filesystem::path& path, cdc::Lsn limit);

}  // namespace pgpassage::migrate
