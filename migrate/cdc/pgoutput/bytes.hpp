#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "migrate/cdc/change.hpp"

namespace pgpassage::migrate::cdc {

/// Takes fields from the front of a message. A field that is not there is 0 or empty, and the reader is `broken` from
/// then on: asked once at the end, instead of at every field.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : next_{bytes.data()}, end_{bytes.data() + bytes.size()} {}

  std::uint8_t byte() { return number<std::uint8_t>(); }
  std::uint16_t short_number() { return number<std::uint16_t>(); }
  std::uint32_t word() { return number<std::uint32_t>(); }
  std::uint64_t long_number() { return number<std::uint64_t>(); }
  Lsn lsn() { return {long_number()}; }
  /// Microseconds since PostgreSQL's epoch, the beginning of 2000.
  Time time() {
    constexpr std::chrono::sys_days epoch{std::chrono::January / 1 / 2000};
    // Unsigned: no bytes from outside may overflow a signed number.
    const std::uint64_t micros =
        long_number() + static_cast<std::uint64_t>(
                            std::chrono::duration_cast<std::chrono::microseconds>(epoch.time_since_epoch()).count());
    return std::chrono::sys_time<std::chrono::microseconds>{
        std::chrono::microseconds{static_cast<std::int64_t>(micros)}};
  }

  std::string_view block(std::size_t size) {
    if (size > left()) return fail();
    const std::string_view taken{next_, size};
    next_ += size;
    return taken;
  }

  /// Up to the next zero byte, which is taken too.
  std::string_view text() {
    const void* zero = left() == 0 ? nullptr : std::memchr(next_, 0, left());
    if (zero == nullptr) return fail();
    const std::string_view taken{next_, static_cast<std::size_t>(static_cast<const char*>(zero) - next_)};
    next_ += taken.size() + 1;
    return taken;
  }

  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
  bool broken() const { return broken_; }
  std::string_view fail() {
    broken_ = true;
    next_ = end_;
    return {};
  }

 private:
  template <class T>
  T number() {
    T value = 0;
    if (left() < sizeof value) return fail(), T{0};
    std::memcpy(&value, next_, sizeof value);
    next_ += sizeof value;
    if constexpr (std::endian::native == std::endian::big || sizeof value == 1) return value;
    if constexpr (sizeof value == 2) return static_cast<T>(__builtin_bswap16(value));
    if constexpr (sizeof value == 4) return static_cast<T>(__builtin_bswap32(value));
    return static_cast<T>(__builtin_bswap64(value));
  }

  const char* next_;
  const char* end_;
  bool broken_ = false;
};

}  // namespace pgpassage::migrate::cdc
