#include "netcheck/base/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <vector>

namespace pgpassage {
namespace {

std::vector<Cidr> parsed(std::initializer_list<const char*> prefixes) {
  std::vector<Cidr> result;
  for (const char* prefix : prefixes) result.push_back(*Cidr::parse(prefix));
  return result;
}

/// A number of 0 to 255 without leading zeros, taken off the front of the text; -1 when there is none.
int take_octet(std::string_view& text) {
  int value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9'; ++digits)
    value = value * 10 + (text[digits] - '0');
  if (digits == 0 || value > 255 || (digits > 1 && text.front() == '0')) return -1;
  text.remove_prefix(digits);
  return value;
}

/// What inet_pton() takes, without the copy that it needs: an estate has millions of prefixes.
std::optional<std::uint32_t> dotted_quad(std::string_view text) {
  std::uint32_t number = 0;
  for (int index = 0; index < 4; ++index) {
    if (index > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const int octet = take_octet(text);
    if (octet < 0) return std::nullopt;
    number = number << 8 | static_cast<std::uint32_t>(octet);
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

/// The bits of the byte at `index` that lie behind the first `length` bits of an address.
std::uint8_t host_bits(int length, int index) {
  return static_cast<std::uint8_t>(0xFF >> std::clamp(length - 8 * index, 0, 8));
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (const auto number = dotted_quad(text)) return from_ipv4(*number);
  if (text.find(':') == text.npos || text.size() >= INET6_ADDRSTRLEN || text.find('\0') != text.npos)
    return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  text.copy(terminated.data(), text.size());
  IpAddress address;
  address.family_ = Family::ipv6;
  if (inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

IpAddress IpAddress::from_ipv4(std::uint32_t host_order) {
  IpAddress address;
  for (int i = 0; i < 4; ++i)
    address.bytes_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return address;
}

IpAddress IpAddress::from_bytes(Family family, const std::array<std::uint8_t, 16>& bytes) {
  IpAddress address;
  address.family_ = family;
  address.bytes_ = bytes;
  return address;
}

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(family_ == Family::ipv4 ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

std::uint32_t IpAddress::ipv4() const {
  if (family_ != Family::ipv4) return 0;
  return std::uint32_t{bytes_[0]} << 24 | std::uint32_t{bytes_[1]} << 16 | std::uint32_t{bytes_[2]} << 8 | bytes_[3];
}

std::optional<IpAddress> IpAddress::next() const {
  IpAddress result = *this;
  for (int index = bits() / 8 - 1; index >= 0; --index)
    if (++result.bytes_[static_cast<std::size_t>(index)] != 0) return result;
  return std::nullopt;
}

bool IpAddress::global() const {
  static const std::vector<Cidr> not_global =
      parsed({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
              "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"});
  static const Cidr global_unicast = *Cidr::parse("2000::/3");
  if (family_ == Family::ipv6) return global_unicast.contains(*this);
  return std::ranges::none_of(not_global, [&](const Cidr& prefix) { return prefix.contains(*this); });
}

Cidr::Cidr(IpAddress address, int length) : address_{address}, length_{length} {
  for (int i = 0; i < address.bits() / 8; ++i) {
    auto& byte = address_.bytes_[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte & ~host_bits(length, i));
  }
}

std::optional<Cidr> Cidr::parse(std::string_view text, ParseError* why) {
  const auto answer = [&](ParseError error) -> std::optional<Cidr> {
    if (why != nullptr) *why = error;
    return std::nullopt;
  };
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return answer(ParseError::syntax);
  int length = address->bits();
  if (slash != text.npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 3 || length < 0 ||
        length > address->bits() || digits.front() == '+')
      return answer(ParseError::syntax);
  }
  const Cidr cidr{*address, length};
  if (cidr.address_ != *address) return answer(ParseError::host_bits);
  if (why != nullptr) *why = ParseError::none;
  return cidr;
}

std::string Cidr::to_string() const { return fmt::format("{}/{}", address_.to_string(), length_); }

bool Cidr::contains(const IpAddress& address) const {
  if (address.family_ != address_.family_) return false;
  const std::uint64_t high = address.high() ^ address_.high();
  if (length_ == 0) return true;  // a shift by all 64 bits is none
  if (length_ <= 64) return high >> (64 - length_) == 0;
  return high == 0 && (address.low() ^ address_.low()) >> (128 - length_) == 0;
}

bool Cidr::contains(const Cidr& other) const { return other.length_ >= length_ && contains(other.address_); }

IpAddress Cidr::last() const {
  IpAddress last = address_;
  for (int i = 0; i < last.bits() / 8; ++i) {
    auto& byte = last.bytes_[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte | host_bits(length_, i));
  }
  return last;
}

}  // namespace pgpassage
