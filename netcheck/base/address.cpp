#include "netcheck/base/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace pgpassage {
namespace {

bool in_any(const IpAddress& address, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const char* prefix) { return Cidr::parse(prefix)->contains(address); });
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated{text};
  if (terminated.size() != text.size() || text.find('\0') != text.npos) return std::nullopt;
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) return address;
  address.family_ = Family::ipv6;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
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
  if (family_ == Family::ipv4)
    return !in_any(*this, {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                           "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"});
  return in_any(*this, {"2000::/3"});
}

Cidr::Cidr(IpAddress address, int length) : address_{address}, length_{length} {
  for (int i = length; i < address.bits(); ++i) {
    auto& byte = address_.bytes_[static_cast<std::size_t>(i) / 8];
    byte = static_cast<std::uint8_t>(byte & ~(0x80 >> (i % 8)));
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
  const int whole = length_ / 8;
  if (!std::equal(address_.bytes_.begin(), address_.bytes_.begin() + whole, address.bytes_.begin())) return false;
  for (int i = whole * 8; i < length_; ++i)
    if (address.bit(i) != address_.bit(i)) return false;
  return true;
}

bool Cidr::contains(const Cidr& other) const { return other.length_ >= length_ && contains(other.address_); }

IpAddress Cidr::last() const {
  IpAddress last = address_;
  for (int i = length_; i < last.bits(); ++i) {
    auto& byte = last.bytes_[static_cast<std::size_t>(i) / 8];
    byte = static_cast<std::uint8_t>(byte | (0x80 >> (i % 8)));
  }
  return last;
}

}  // namespace pgpassage
