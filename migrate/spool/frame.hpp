#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "migrate/cdc/lsn.hpp"

/// How a message of the change stream lies in a file of the spool. Pure.
namespace pgpassage::migrate {

enum class FrameMark : std::uint8_t {
  none,
  ends_transaction,  ///< what follows can be received again from its Lsn on
  describes,         ///< without it the messages behind it in its file cannot be read
};

struct FrameHeader {
  cdc::Lsn lsn;
  std::uint32_t size = 0;  ///< of the payload, which follows
  FrameMark mark = FrameMark::none;
  std::uint64_t checksum = 0;  ///< xxh3 of the payload, seeded with all the rest

  bool operator==(const FrameHeader&) const = default;
};

constexpr std::size_t frame_header_bytes = 24;
using FrameHeaderBytes = std::array<char, frame_header_bytes>;

FrameHeader frame_of(cdc::Lsn lsn, std::string_view payload, FrameMark mark);
FrameHeaderBytes encoded(const FrameHeader& header);
/// Of exactly frame_header_bytes; absent: no header of ours.
std::optional<FrameHeader> decoded(std::string_view bytes);
bool intact(const FrameHeader& header, std::string_view payload);

}  // namespace pgpassage::migrate
