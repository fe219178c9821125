#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "migrate/cdc/change.hpp"

namespace pgpassage::migrate::cdc {

/// Memory that is given back all at once: what a batch keeps of the changes that it gathered.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* place = static_cast<char*>(take(text.size(), 1));
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }

  /// A row with its texts.
  std::span<Value> keep(Row row) {
    const std::span<Value> kept = values(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      kept[i] = row[i];
      kept[i].data = keep(row[i].bytes()).data();
    }
    return kept;
  }

  std::span<Value> values(std::size_t count) {
    if (count == 0) return {};
    Value* place = static_cast<Value*>(take(count * sizeof(Value), alignof(Value)));
    std::uninitialized_default_construct_n(place, count);
    return {place, count};
  }

  std::size_t bytes() const { return bytes_; }

  /// Keeps one chunk for the next time.
  void clear() {
    if (chunks_.size() > 1) chunks_.erase(chunks_.begin() + 1, chunks_.end());
    if (!chunks_.empty() && chunks_.front().size > chunk_bytes) chunks_.clear();
    used_ = 0;
    bytes_ = 0;
  }

 private:
  static constexpr std::size_t chunk_bytes = 256 * 1024;
  struct Chunk {
    std::unique_ptr<char[]> memory;
    std::size_t size;
  };

  void* take(std::size_t size, std::size_t alignment) {
    used_ = (used_ + alignment - 1) / alignment * alignment;
    if (chunks_.empty() || size > chunks_.back().size - std::min(used_, chunks_.back().size)) {
      const std::size_t fitting = std::max(size, chunk_bytes);
      chunks_.push_back({std::unique_ptr<char[]>{new char[fitting]}, fitting});  // make_unique would write zeros
      used_ = 0;
      bytes_ += fitting;
    }
    void* place = chunks_.back().memory.get() + used_;
    used_ += size;
    return place;
  }

  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;  // of the last chunk
  std::size_t bytes_ = 0;
};

}  // namespace pgpassage::migrate::cdc
