#include "migrate/spool/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>

namespace pgpassage::migrate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t write_bytes = 1 << 20;
constexpr std::string_view extension = ".spool";
constexpr cdc::Lsn no_limit{std::numeric_limits<std::uint64_t>::max()};

std::optional<std::uint64_t> number_of(const fs::path& path) {
  const std::string stem = path.stem();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number, 16);
  if (path.extension() != extension || error != std::errc{} || end != stem.data() + stem.size()) return std::nullopt;
  return number;
}

// A file that nobody can find after a crash is as good as not written.
Result<void> sync_directory(const fs::path& directory) {
  const File handle{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!handle.open() || ::fsync(handle.get()) != 0) return failed("sync", directory);
  return {};
}

}  // namespace

Result<Spool> Spool::open(fs::path directory, SpoolLimits limits) {
  Spool spool;
  spool.directory_ = std::move(directory);
  spool.limits_ = limits;
  std::error_code error;
  fs::create_directories(spool.directory_.parent_path(), error);
  if (::mkdir(spool.directory_.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failed("make", spool.directory_);
  if (auto listed = spool.list_files(); !listed) return tl::unexpected(listed.error());
  if (auto recovered = spool.recover(); !recovered) return tl::unexpected(recovered.error());
  return spool;
}

fs::path Spool::path_of(std::uint64_t number) const { return directory_ / fmt::format("{:016x}{}", number, extension); }

Result<void> Spool::list_files() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{directory_, error})
    if (const auto number = number_of(entry.path())) files_.push_back({*number, entry.file_size(error)});
  if (error) return fail(Errc::io, "cannot read {}: {}", directory_.string(), error.message());
  std::ranges::sort(files_, {}, &Segment::number);
  return {};
}

Result<void> Spool::recover() {
  while (!files_.empty()) {
    const fs::path path = path_of(files_.back().number);
    const auto whole = last_whole(path, no_limit);
    if (!whole) return tl::unexpected(whole.error());
    files_.back().end = end_ = whole->end;
    files_.back().bytes = whole->offset;
    if (end_.value != 0) {
      last_ = File{::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
      if (!last_.open() || ::ftruncate(last_.get(), static_cast<off_t>(whole->offset)) != 0) return failed("cut", path);
      break;
    }
    if (::unlink(path.c_str()) != 0) return failed("remove", path);
    files_.pop_back();
  }
  for (const Segment& file : files_) bytes_ += file.bytes;
  return {};
}

Result<void> Spool::append(const cdc::Message& message, FrameMark mark) {
  if (begins_file())
    if (auto begun = begin_file(); !begun) return begun;
  const auto header = encoded(frame_of(message.lsn, message.payload, mark));
  pending_.append(header.data(), header.size()).append(message.payload);
  files_.back().bytes += header.size() + message.payload.size();
  bytes_ += header.size() + message.payload.size();
  in_transaction_ = mark != FrameMark::ends_transaction;
  if (!in_transaction_) files_.back().end = end_ = message.lsn;
  return pending_.size() >= write_bytes ? flush() : Result<void>{};
}

Result<void> Spool::begin_file() {
  if (last_.open())
    if (auto safe = sync(); !safe) return tl::unexpected(safe.error());
  const std::uint64_t number = files_.empty() ? 1 : files_.back().number + 1;
  const fs::path path = path_of(number);
  File file{::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!file.open()) return failed("make", path);
  last_ = std::move(file);
  files_.push_back({number});
  return sync_directory(directory_);
}

Result<void> Spool::flush() {
  std::size_t written = 0;
  while (written < pending_.size()) {
    const ssize_t put = ::write(last_.get(), pending_.data() + written, pending_.size() - written);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) break;
    written += static_cast<std::size_t>(put);
  }
  pending_.erase(0, written);  // a disk that is full may have room again later
  return pending_.empty() ? Result<void>{} : failed("write", path_of(files_.back().number));
}

Result<cdc::Lsn> Spool::sync() {
  if (auto written = flush(); !written) return tl::unexpected(written.error());
  if (last_.open() && ::fdatasync(last_.get()) != 0) return failed("sync", path_of(files_.back().number));
  return end_;
}

Result<std::optional<SegmentReader::Frame>> Spool::next() {
  while (!files_.empty()) {
    if (!reader_)
      if (auto begun = rewind({}); !begun) return tl::unexpected(begun.error());
    const auto file = std::ranges::find(files_, reading_, &Segment::number);
    auto frame = next_of_file();
    if (!frame) return frame;
    if (*frame) {
      if ((*frame)->header.mark == FrameMark::ends_transaction) file->end = std::max(file->end, (*frame)->header.lsn);
      return frame;
    }
    if (file + 1 != files_.end()) {
      if (reader_->offset() != file->bytes)
        return fail(Errc::io, "{} ends in the middle of a message", path_of(reading_).string());
      if (auto opened = read_from((file + 1)->number, 0); !opened) return tl::unexpected(opened.error());
    } else if (pending_.empty()) {
      break;
    } else if (auto written = flush(); !written) {
      return tl::unexpected(written.error());
    }
  }
  return std::optional<SegmentReader::Frame>{};
}

Result<void> Spool::rewind(cdc::Lsn applied) {
  if (auto written = flush(); !written) return written;
  while (!files_.empty()) {
    const auto whole = last_whole(path_of(files_.front().number), applied);
    if (!whole) return tl::unexpected(whole.error());
    if (files_.size() == 1 || !whole->last || whole->offset != files_.front().bytes)
      return read_from(files_.front().number, whole->offset);
    if (auto removed = remove_front(); !removed) return removed;
  }
  return {};
}

Result<std::optional<SegmentReader::Frame>> Spool::next_of_file() {
  for (;;) {
    const bool skipping = reader_->offset() < skip_to_;
    auto frame = reader_->next();
    if (!skipping || !frame || !*frame || (*frame)->header.mark == FrameMark::describes) return frame;
  }
}

Result<void> Spool::read_from(std::uint64_t number, std::uint64_t skip_to) {
  auto opened = SegmentReader::open(path_of(number));
  if (!opened) return tl::unexpected(opened.error());
  reader_ = std::move(*opened);
  reading_ = number;
  skip_to_ = skip_to;
  return {};
}

Result<void> Spool::forget(cdc::Lsn applied) {
  while (files_.size() > 1 && reader_ && files_.front().number < reading_ && files_.front().end <= applied)
    if (auto removed = remove_front(); !removed) return removed;
  return {};
}

Result<void> Spool::remove_front() {
  const fs::path path = path_of(files_.front().number);
  if (::unlink(path.c_str()) != 0) return failed("remove", path);
  bytes_ -= files_.front().bytes;
  files_.pop_front();
  return {};
}

Result<void> Spool::remove() {
  reader_.reset();
  pending_.clear();
  last_ = File{};
  while (!files_.empty())
    if (auto removed = remove_front(); !removed) return removed;
  if (::rmdir(directory_.c_str()) != 0) return failed("remove", directory_);
  return {};
}

}  // namespace pgpassage::migrate
