#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace pgpassage {

using Port = std::uint16_t;

/// An IPv4 or IPv6 address. Ordered by family, then numerically.
class IpAddress {
 public:
  enum class Family : std::uint8_t { ipv4, ipv6 };

  IpAddress() = default;  ///< 0.0.0.0

  /// Dotted quad or RFC 4291 text; no zone, no brackets, no leading zeros that could mean octal.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress from_ipv4(std::uint32_t host_order);

  Family family() const { return family_; }
  int bits() const { return family_ == Family::ipv4 ? 32 : 128; }
  std::string to_string() const;

  /// The IPv4 address as a number in host order; 0 for an IPv6 address.
  std::uint32_t ipv4() const;

  /// Of bytes in network order; an IPv4 address is the first four, and the others must be 0.
  static IpAddress from_bytes(Family family, const std::array<std::uint8_t, 16>& bytes);

  /// In network order; an IPv4 address uses the first four, the others are 0.
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  /// Not in a private (RFC 1918, 100.64.0.0/10, fc00::/7), loopback, link-local, multicast or reserved range.
  bool global() const;

  /// The address behind this one; absent behind the last of the family.
  std::optional<IpAddress> next() const;

  bool operator==(const IpAddress&) const = default;
  std::strong_ordering operator<=>(const IpAddress& other) const;

 private:
  friend class Cidr;
  std::uint64_t high() const { return word(0); }  // the first eight bytes as a number
  std::uint64_t low() const { return word(8); }
  std::uint64_t word(std::size_t at) const;

  Family family_ = Family::ipv4;
  std::array<std::uint8_t, 16> bytes_{};  // an IPv4 address uses the first four
};

/// A prefix such as 10.20.0.0/16. Host bits are always zero: `parse` refuses others.
class Cidr {
 public:
  Cidr() = default;  ///< 0.0.0.0/0
  /// Every address of `length` leading bits of `address`; the others are cleared. `length` must fit the family.
  Cidr(IpAddress address, int length);
  /// One single address: /32 or /128.
  explicit Cidr(IpAddress address) : Cidr(address, address.bits()) {}

  enum class ParseError : std::uint8_t { none, syntax, host_bits };
  /// "a.b.c.d/n" or "x::y/n"; a bare address is accepted as /32 or /128. With `why`, says what is wrong.
  static std::optional<Cidr> parse(std::string_view text, ParseError* why = nullptr);

  const IpAddress& address() const { return address_; }
  int length() const { return length_; }
  std::string to_string() const;

  bool contains(const IpAddress& address) const;
  bool contains(const Cidr& other) const;
  bool overlaps(const Cidr& other) const { return contains(other) || other.contains(*this); }

  IpAddress first() const { return address_; }
  IpAddress last() const;

  auto operator<=>(const Cidr&) const = default;

 private:
  IpAddress address_;
  int length_ = 0;
};

// Here because addresses are compared a few hundred million times when an estate is analysed.
inline std::uint64_t IpAddress::word(std::size_t at) const {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes_.data() + at, sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

inline std::strong_ordering IpAddress::operator<=>(const IpAddress& other) const {
  if (family_ != other.family_) return family_ <=> other.family_;
  const std::strong_ordering first = high() <=> other.high();
  return first != 0 ? first : low() <=> other.low();
}

}  // namespace pgpassage
