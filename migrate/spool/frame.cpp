#include "migrate/spool/frame.hpp"

#include <xxhash.h>

#include <cstring>

namespace pgpassage::migrate {
namespace {

// The file is read by the machine that wrote it, or not at all: numbers lie in its own order.
template <class Number>
void put(char*& place, Number number) {
  std::memcpy(place, &number, sizeof number);
  place += sizeof number;
}

template <class Number>
Number take(const char*& place) {
  Number number;
  std::memcpy(&number, place, sizeof number);
  place += sizeof number;
  return number;
}

std::uint64_t checksum_of(const FrameHeader& header, std::string_view payload) {
  const std::uint64_t seed = header.lsn.value * 31 + header.size * 4ULL + static_cast<std::uint64_t>(header.mark);
  return XXH3_64bits_withSeed(payload.data(), payload.size(), seed);
}

}  // namespace

FrameHeader frame_of(cdc::Lsn lsn, std::string_view payload, FrameMark mark) {
  FrameHeader header{lsn, static_cast<std::uint32_t>(payload.size()), mark};
  header.checksum = checksum_of(header, payload);
  return header;
}

FrameHeaderBytes encoded(const FrameHeader& header) {
  FrameHeaderBytes bytes;
  char* place = bytes.data();
  put(place, header.lsn.value);
  put(place, header.checksum);
  put(place, header.size);
  put(place, static_cast<std::uint32_t>(header.mark));
  return bytes;
}

std::optional<FrameHeader> decoded(std::string_view bytes) {
  if (bytes.size() != frame_header_bytes) return std::nullopt;
  const char* place = bytes.data();
  FrameHeader header;
  header.lsn.value = take<std::uint64_t>(place);
  header.checksum = take<std::uint64_t>(place);
  header.size = take<std::uint32_t>(place);
  const auto mark = take<std::uint32_t>(place);
  if (mark > static_cast<std::uint32_t>(FrameMark::describes)) return std::nullopt;
  header.mark = static_cast<FrameMark>(mark);
  return header;
}

bool intact(const FrameHeader& header, std::string_view payload) {
  return payload.size() == header.size && header.checksum == checksum_of(header, payload);
}

}  // namespace pgpassage::migrate
