#include "dns/resolver/packet.hpp"

#include <ares.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace pgpassage::dns {
namespace {

constexpr std::size_t longest_chain = 16;  // as long as Azure's resolver follows; resolve() on paper stops there too
constexpr std::size_t longest_name = 255;  // RFC 1035 2.3.4
constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t flag_ad = 0x20;
constexpr std::uint16_t type_a = 1, type_cname = 5, type_aaaa = 28;

struct AresFree {
  void operator()(char* text) const noexcept { ares_free_string(text); }
};

/// Reads forward through a message; after the first thing that does not fit, `bad` stays true.
struct Cursor {
  std::span<const unsigned char> packet;
  std::size_t at = 0;
  bool bad = false;

  bool has(std::size_t bytes) const { return !bad && packet.size() - at >= bytes; }
  void skip(std::size_t bytes) { has(bytes) ? void(at += bytes) : void(bad = true); }

  std::uint16_t u16() {
    if (!has(2)) return bad = true, std::uint16_t{0};
    at += 2;
    return static_cast<std::uint16_t>(packet[at - 2] << 8 | packet[at - 1]);
  }

  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }

  std::string name() {
    if (!has(1)) return bad = true, std::string{};
    char* text = nullptr;
    long used = 0;
    const int status =
        ares_expand_name(packet.data() + at, packet.data(), static_cast<int>(packet.size()), &text, &used);
    if (status != ARES_SUCCESS) return bad = true, std::string{};
    const std::unique_ptr<char, AresFree> owned{text};
    skip(static_cast<std::size_t>(used));
    const std::string_view name{text};
    if (name.size() > longest_name) bad = true;  // compression pointers can spell more than a name may hold
    return bad ? std::string{} : canonical_name(name);
  }
};

struct Records {
  struct Alias {
    std::string owner, target;
    int ttl_seconds;
  };
  struct Address {
    std::string owner;
    IpAddress address;
    int ttl_seconds;
  };
  std::vector<Alias> aliases;
  std::vector<Address> addresses;
};

// RFC 2181 8: a TTL with the top bit set counts as zero.
int ttl_of(std::uint32_t ttl) { return ttl > std::numeric_limits<std::int32_t>::max() ? 0 : static_cast<int>(ttl); }

std::optional<IpAddress> address_of(std::uint16_t type, std::span<const unsigned char> data) {
  if (type == type_a && data.size() == 4)
    return IpAddress::from_ipv4(std::uint32_t{data[0]} << 24 | std::uint32_t{data[1]} << 16 |
                                std::uint32_t{data[2]} << 8 | data[3]);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (type != type_aaaa || data.size() != 16 || !inet_ntop(AF_INET6, data.data(), text.data(), text.size()))
    return std::nullopt;
  return IpAddress::parse(text.data());
}

void read_record(Cursor& cursor, Records& records) {
  const std::string owner = cursor.name();
  const std::uint16_t type = cursor.u16();
  const std::uint16_t record_class = cursor.u16();
  const int ttl_seconds = ttl_of(cursor.u32());
  const std::size_t length = cursor.u16();
  if (!cursor.has(length)) return void(cursor.bad = true);
  const std::size_t end = cursor.at + length;
  if (record_class == class_in && type == type_cname) {
    records.aliases.push_back({owner, cursor.name(), ttl_seconds});
    if (cursor.at != end) cursor.bad = true;
  } else if (record_class == class_in && (type == type_a || type == type_aaaa)) {
    const auto address = address_of(type, cursor.packet.subspan(cursor.at, length));
    if (!address) return void(cursor.bad = true);
    records.addresses.push_back({owner, *address, ttl_seconds});
  }
  cursor.at = end;
}

/// Follows the aliases from the asked name; false for a loop or an endless chain.
bool follow(const std::vector<Records::Alias>& aliases, PacketAnswer& answer, int& ttl_seconds) {
  for (;;) {
    const auto alias = std::find_if(aliases.begin(), aliases.end(),
                                    [&](const auto& each) { return each.owner == answer.chain.back(); });
    if (alias == aliases.end()) return true;
    const bool seen = std::find(answer.chain.begin(), answer.chain.end(), alias->target) != answer.chain.end();
    if (seen || answer.chain.size() > longest_chain) return false;
    answer.chain.push_back(alias->target);
    answer.records.push_back({alias->owner, "CNAME", alias->target, alias->ttl_seconds});
    ttl_seconds = std::min(ttl_seconds, alias->ttl_seconds);
  }
}

}  // namespace

Result<PacketAnswer> read_packet(std::span<const unsigned char> packet, std::string_view asked) {
  Cursor cursor{packet};
  cursor.skip(2);  // the id, which c-ares has compared
  const std::uint16_t flags = cursor.u16();
  const std::uint16_t questions = cursor.u16();
  const std::uint16_t answers = cursor.u16();
  cursor.skip(4);  // authority and additional counts: nothing there answers the question
  for (int i = 0; i < questions && !cursor.bad; ++i) {
    cursor.name();
    cursor.skip(4);
  }
  Records records;
  for (int i = 0; i < answers && !cursor.bad; ++i) read_record(cursor, records);
  if (cursor.bad) return fail(Errc::io, "the answer is not a well-formed DNS message");

  PacketAnswer answer{.rcode = flags & 0xF, .chain = {canonical_name(asked)}, .addresses = {}, .ttl_seconds = 0};
  answer.authenticated = (flags & flag_ad) != 0;
  int ttl_seconds = std::numeric_limits<int>::max();
  if (!follow(records.aliases, answer, ttl_seconds))
    return fail(Errc::io, "the CNAME records behind {} do not end: {} leads back or on without end",
                answer.chain.front(), answer.chain.back());
  for (const Records::Address& record : records.addresses) {
    if (record.owner != answer.chain.back()) continue;
    answer.addresses.push_back(record.address);
    const bool ipv4 = record.address.family() == IpAddress::Family::ipv4;
    answer.records.push_back({record.owner, ipv4 ? "A" : "AAAA", record.address.to_string(), record.ttl_seconds});
    ttl_seconds = std::min(ttl_seconds, record.ttl_seconds);
  }
  if (ttl_seconds != std::numeric_limits<int>::max()) answer.ttl_seconds = ttl_seconds;
  return answer;
}

std::string rcode_name(int rcode) {
  constexpr std::array names{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
  if (rcode >= 0 && static_cast<std::size_t>(rcode) < names.size()) return names[static_cast<std::size_t>(rcode)];
  return fmt::format("RCODE {}", rcode);
}

std::string canonical_name(std::string_view name) {
  std::string canonical{name};
  if (canonical.ends_with('.')) canonical.pop_back();
  // Not std::tolower: the answer must not depend on the locale.
  std::transform(canonical.begin(), canonical.end(), canonical.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return canonical;
}

}  // namespace pgpassage::dns
