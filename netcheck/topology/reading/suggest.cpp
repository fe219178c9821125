#include "netcheck/topology/reading/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace pgpassage::reading {
namespace {

constexpr std::size_t max_shown = 60;     // characters of offending text in a message
constexpr std::size_t max_compared = 80;  // no name of Azure is longer

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; `limit` or more when it is not
/// below the limit. Only cells near the diagonal can stay below it.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  using Row = std::array<std::size_t, max_compared + 2>;
  std::array<Row, 3> rows;
  for (Row& row : rows) row.fill(limit);
  for (std::size_t j = 0; j <= std::min(b.size(), limit); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    Row& row = rows[i % 3];
    const Row& above = rows[(i + 2) % 3];
    const Row& above_that = rows[(i + 1) % 3];
    const std::size_t first = i > limit ? i - limit : 1;
    const std::size_t last = std::min(b.size(), i + limit);
    row[first - 1] = first == 1 ? i : limit;
    std::size_t least = row[first - 1];
    for (std::size_t j = first; j <= last; ++j) {
      row[j] = std::min({above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], above_that[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    row[last + 1] = limit;
    if (least >= limit) return limit;
  }
  return rows[a.size() % 3][b.size()];
}

bool control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == 0xC2 && at + 1 < text.size()) return static_cast<unsigned char>(text[at + 1]) < 0xA0;
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::string quoted(std::string_view text) {
  if (holds_password(text)) return "(not shown: it may hold a password)";
  std::string shown = "'";
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80 && ++characters > max_shown) return shown + "...'";
    if (!control(text, i)) {
      shown += text[i];
    } else {
      shown += fmt::format("\\x{:02x}", byte == 0xC2 ? static_cast<unsigned char>(text[++i]) : byte);
    }
  }
  return shown + "'";
}

bool holds_password(std::string_view text) {
  if (text.find('@') == text.npos && text.find('=') == text.npos) return false;
  if (const std::size_t at = text.find('@'); at != text.npos) {
    const std::size_t scheme = text.find("://");
    const std::size_t start = scheme == text.npos || scheme > at ? 0 : scheme + 3;
    const std::size_t last = text.find_first_of("/?#", start);  // a password may hold an @ itself
    const std::string_view authority = text.substr(start, last == text.npos ? text.npos : last - start);
    const std::size_t colon = authority.find(':');
    if (colon != authority.npos && authority.find('@', colon) != authority.npos) return true;
    if (scheme != text.npos && text.find(':', start) < text.rfind('@')) return true;
  }
  const std::string small = lower(text);
  for (const std::string_view key : {"password=", "pwd=", "password =", "passwd="})
    if (small.find(key) != small.npos) return true;
  return false;
}

bool asks_for_password(std::string_view key) { return key.size() <= max_compared && mentions_password(key); }

bool mentions_password(std::string_view text) {
  const std::string small = lower(text);
  for (const std::string_view word : {"password", "passwd", "passphrase", "pwd", "secret"})
    if (small.find(word) != small.npos) return true;
  return false;
}

std::string lower(std::string_view text) {
  std::string small{text};
  std::transform(small.begin(), small.end(), small.begin(), [](char c) { return lower(c); });
  return small;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view spelled_out(std::string_view abbreviation) {
  struct Abbreviation {
    std::string_view text, meaning;
  };
  static constexpr std::array known{Abbreviation{"nsg", "networkSecurityGroup"},
                                    Abbreviation{"vnet", "virtualNetwork"},
                                    Abbreviation{"asg", "applicationSecurityGroup"},
                                    Abbreviation{"udr", "routeTable"},
                                    Abbreviation{"rt", "routeTable"},
                                    Abbreviation{"pe", "privateEndpoint"},
                                    Abbreviation{"dns", "dnsServers"},
                                    Abbreviation{"ip", "ipAddress"},
                                    Abbreviation{"gw", "virtualNetworkGateway"},
                                    Abbreviation{"gateway", "virtualNetworkGateway"},
                                    Abbreviation{"nva", "networkAppliance"},
                                    Abbreviation{"firewall", "networkAppliance"},
                                    Abbreviation{"zone", "privateDnsZone"},
                                    Abbreviation{"cidr", "addressPrefix"},
                                    Abbreviation{"prefix", "addressPrefix"},
                                    Abbreviation{"host", "fqdn"},
                                    Abbreviation{"hostname", "fqdn"},
                                    Abbreviation{"rules", "securityRules"},
                                    Abbreviation{"region", "location"},
                                    Abbreviation{"mode", "migrationMode"},
                                    Abbreviation{"option", "migrationOption"},
                                    Abbreviation{"runtime", "runtimeServer"}};
  std::string word = lower(abbreviation.substr(0, max_compared));
  const auto meaning = [&]() -> std::string_view {
    const auto found = std::ranges::find(known, std::string_view{word}, &Abbreviation::text);
    return found == known.end() ? std::string_view{} : found->meaning;
  };
  if (const auto whole = meaning(); !whole.empty()) return whole;
  for (const std::string_view ending : {"names", "name", "s", "_", "-"})
    if (word.ends_with(ending)) word.erase(word.size() - ending.size());
  return meaning();
}

Suggestion::Suggestion(std::string_view wrong)
    : wrong_{lower(wrong.substr(0, max_compared))}, distance_{std::clamp<std::size_t>(wrong.size() / 3, 1, 3) + 1} {}

void Suggestion::consider(std::string_view candidate) {
  if (candidate.size() > max_compared || candidate.size() + distance_ <= wrong_.size() ||
      wrong_.size() + distance_ <= candidate.size())
    return;
  const std::size_t difference = distance(wrong_, lower(candidate), distance_);
  if (difference >= distance_) return;
  distance_ = difference;
  best_ = candidate;
}

}  // namespace pgpassage::reading
