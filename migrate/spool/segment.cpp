#include "migrate/spool/segment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pgpassage::migrate {
namespace {

constexpr std::size_t read_bytes = 1 << 20;

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (open()) ::close(descriptor_);
}

tl::unexpected<Error> failed(std::string_view doing, const std::filesystem::path& path) {
  const int why = errno;
  const Errc code = why == ENOSPC || why == EDQUOT ? Errc::disk_full : why == EACCES ? Errc::permission : Errc::io;
  return fail(code, "cannot {} {}: {}", doing, path.string(), std::strerror(why));
}

Result<SegmentReader> SegmentReader::open(const std::filesystem::path& path) {
  SegmentReader reader;
  reader.path_ = path;
  reader.file_ = File{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!reader.file_.open()) return failed("open", path);
  return reader;
}

Result<std::optional<SegmentReader::Frame>> SegmentReader::next() {
  const auto damaged = [&] { return fail(Errc::io, "{} is damaged at byte {}", path_.string(), offset_); };
  auto there = fill(frame_header_bytes);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return std::optional<Frame>{};
  const auto header = decoded(std::string_view{buffer_}.substr(used_, frame_header_bytes));
  if (!header) return damaged();
  there = fill(frame_header_bytes + header->size);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return std::optional<Frame>{};
  const Frame frame{*header, std::string_view{buffer_}.substr(used_ + frame_header_bytes, header->size)};
  if (!intact(*header, frame.payload)) return damaged();
  used_ += frame_header_bytes + header->size;
  offset_ += frame_header_bytes + header->size;
  return frame;
}

// Whether so many bytes behind `used_` are in the buffer.
Result<bool> SegmentReader::fill(std::size_t bytes) {
  if (buffer_.size() - used_ >= bytes) return true;
  buffer_.erase(0, used_);
  used_ = 0;
  while (buffer_.size() < bytes) {
    const std::size_t had = buffer_.size();
    // Never by what a header claims alone: a torn one may claim 4 GB.
    buffer_.resize(had + read_bytes);
    const auto at = static_cast<off_t>(offset_ + had);
    const ssize_t got = ::pread(file_.get(), buffer_.data() + had, read_bytes, at);
    buffer_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && errno != EINTR) return failed("read", path_);
    if (got == 0) return false;
  }
  return true;
}

Result<LastWhole> last_whole(const std::filesystem::path& path, cdc::Lsn limit) {
  auto reader = SegmentReader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  LastWhole found;
  for (;;) {
    const auto frame = reader->next();
    if (!frame || !*frame) return found;
    const FrameHeader& header = (*frame)->header;
    if (header.mark != FrameMark::ends_transaction) continue;
    found.last = header.lsn <= limit;
    if (!found.last) return found;
    found.end = header.lsn;
    found.offset = reader->offset();
  }
}

}  // namespace pgpassage::migrate
