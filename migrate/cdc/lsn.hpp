#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pgpassage::migrate::cdc {

/// A place in the source's write-ahead log. 0 is none: no record begins there.
struct Lsn {
  std::uint64_t value = 0;

  /// PostgreSQL's own form, "16/B374D848": two hexadecimal numbers of at most eight digits.
  static std::optional<Lsn> parse(std::string_view text);
  std::string to_string() const;

  auto operator<=>(const Lsn&) const = default;
};

}  // namespace pgpassage::migrate::cdc
