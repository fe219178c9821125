#pragma once

#include <deque>
#include <filesystem>
#include <optional>

#include "migrate/spool/segment.hpp"

/// Changes that were received and not yet applied, on disk: so that the source can drop its log while the copy runs.
namespace pgpassage::migrate {

struct SpoolLimits {
  std::uint64_t segment_bytes = 64 << 20;   ///< a file that is this large takes no new transaction
  std::uint64_t limit_bytes = 10ULL << 30;  ///< --spool-limit
};

/// An append-only sequence of messages in numbered files that only the owner can read, in a directory of its own.
///
/// A file begins with a transaction. On opening, what lies behind the last whole transaction is cut off: a torn frame
/// and an unfinished transaction are received again, from `end` on. Nobody but the caller can tell a torn end from
/// damage: a source that was told more than `end` will not send what lies between. Damage before the last file is
/// Errc::io when it is read; nothing is skipped.
/// One process at a time; not safe for several threads. Errors: Errc::disk_full, Errc::permission, Errc::io.
class Spool {
 public:
  static Result<Spool> open(std::filesystem::path directory, SpoolLimits limits);

  /// Kept in memory until there is a megabyte of it, `sync`, or a reader that wants it. An empty payload that ends a
  /// transaction marks that nothing came up to there.
  Result<void> append(const cdc::Message& message, FrameMark mark);
  /// Whether the next message begins a file: then what describes later messages has to be there again.
  bool begins_file() const {
    return !in_transaction_ && (files_.empty() || files_.back().bytes >= limits_.segment_bytes);
  }
  /// To the disk. Returns what can be confirmed to the source: `end`, now safe.
  Result<cdc::Lsn> sync();

  /// Behind the last whole transaction; none: there is none.
  cdc::Lsn end() const { return end_; }
  std::uint64_t bytes() const { return bytes_; }
  /// The limit is reached, and applying makes room. A single transaction may exceed the limit.
  bool full() const { return bytes_ >= limits_.limit_bytes && files_.size() > 1; }

  /// The next message in order; absent: all are read. Its payload holds until the next call.
  Result<std::optional<SegmentReader::Frame>> next();
  /// Begins reading again at the first transaction that ends behind `applied`, and before it with what describes
  /// messages in its file. Removes files that have none.
  Result<void> rewind(cdc::Lsn applied);
  /// Removes files that were read to their end and have nothing behind `applied`.
  Result<void> forget(cdc::Lsn applied);
  /// Removes everything, the directory too.
  Result<void> remove();

 private:
  struct Segment {
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    cdc::Lsn end = {};  // behind the last whole transaction that is known of it
  };
  std::filesystem::path path_of(std::uint64_t number) const;
  Result<void> list_files();
  Result<void> recover();
  Result<void> begin_file();
  Result<void> flush();
  Result<void> read_from(std::uint64_t number, std::uint64_t skip_to);
  Result<std::optional<SegmentReader::Frame>> next_of_file();
  Result<void> remove_front();

  std::filesystem::path directory_;
  SpoolLimits limits_;
  std::deque<Segment> files_;
  File last_;            // for writing
  std::string pending_;  // not yet in it
  std::uint64_t bytes_ = 0;
  cdc::Lsn end_;
  bool in_transaction_ = false;
  std::optional<SegmentReader> reader_;
  std::uint64_t reading_ = 0;  // number of the file that it reads
  std::uint64_t skip_to_ = 0;  // in that file: before it only what describes is read
};

}  // namespace pgpassage::migrate
