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
  const std::uint64_t seed = header.lsn.value * 31 + header.size * 2 + (header.ends_transaction ? 1 : 0);
  return XXH3_64bits_withSeed(payload.data(), payload.size(), seed);
}

}  // namespace

FrameHeader frame_of(cdc::Lsn lsn, std::string_view payload, bool ends_transaction) {
  FrameHeader header{lsn, static_cast<std::uint32_t>(payload.size()), ends_transaction};
  header.checksum = checksum_of(header, payload);
  return header;
}

FrameHeaderBytes encoded(const FrameHeader& header) {
  FrameHeaderBytes bytes;
  char* place = bytes.data();
  put(place, header.lsn.value);
  put(place, header.checksum);
  put(place, header.size);
  put(place, std::uint32_t{header.ends_transaction});
  return bytes;
}

std::optional<FrameHeader> decoded(std::string_view bytes) {
  if (bytes.size() != frame_header_bytes) return std::nullopt;
  const char* place = bytes.data();
  FrameHeader header;
  header.lsn.value = take<std::uint64_t>(place);
  header.checksum = take<std::uint64_t>(place);
  header.size = take<std::uint32_t>(place);
  const auto flags = take<std::uint32_t>(place);
  header.ends_transaction = flags == 1;
  if (flags > 1) return std::nullopt;
  return header;
}

bool intact(const FrameHeader& header, std::string_view payload) {
  return payload.size() == header.size && header.checksum == checksum_of(header, payload);
}

}  // namespace pgpassage::migrate
