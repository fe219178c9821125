#include "netcheck/topology/reading/forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

bool wrong(Reading& reading, const Node& node, std::string_view expected, std::string suggestion = {}) {
  reading.complain(node, fmt::format("expected {}, found {}", expected, described(node)), std::move(suggestion));
  return false;
}

bool whole_number(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// A port in digits alone, as a number or as a string; leading zeros could mean octal.
bool port_number(std::string_view text, int& value) {
  return whole_number(text, value) && value >= 0 && value <= 65535 && (text.size() == 1 || text.front() != '0');
}

}  // namespace

bool Boolean::read(Reading& reading, const Node& node, bool& value) {
  const std::string_view text = node.text();
  const bool plain = node.kind == Kind::plain;
  if (plain && (text == "true" || text == "True" || text == "TRUE")) return value = true, true;
  if (plain && (text == "false" || text == "False" || text == "FALSE")) return value = false, true;
  const std::string word = node.scalar() ? lower(text.substr(0, 8)) : "";
  if (word == "true" || word == "yes" || word == "on") return wrong(reading, node, "true or false", "true");
  if (word == "false" || word == "no" || word == "off") return wrong(reading, node, "true or false", "false");
  return wrong(reading, node, "true or false");
}

bool Integer::read(Reading& reading, const Node& node, int& value) {
  int number = 0;
  if (!node.scalar() || !whole_number(node.text(), number)) return wrong(reading, node, "a whole number");
  if (node.kind == Kind::quoted) return wrong(reading, node, "a whole number", "write it without quotes");
  return value = number, true;
}

bool PortNumber::read(Reading& reading, const Node& node, Port& value) {
  int number = 0;
  if (!node.scalar() || !port_number(node.text(), number) || number == 0)
    return wrong(reading, node, "a port (1-65535)");
  return value = static_cast<Port>(number), true;
}

std::string PortNumber::schema(Schema&) {
  return R"({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 65535}, {"type": "string", "pattern": "^[1-9][0-9]{0,4}$"}]})";
}

bool Ports::read(Reading& reading, const Node& node, PortRange& value) {
  const std::string_view text = node.text();
  if (text == "*") return value = PortRange{}, true;
  const std::size_t dash = text.find('-');
  int first = 0;
  int last = 0;
  if (!node.scalar() || !port_number(text.substr(0, dash), first) ||
      !port_number(dash == text.npos ? text : text.substr(dash + 1), last))
    return wrong(reading, node, "a port, a range such as 6432-6440, or \"*\"");
  if (first > last) return wrong(reading, node, "a range of ports from low to high", fmt::format("{}-{}", last, first));
  return value = {static_cast<Port>(first), static_cast<Port>(last)}, true;
}

std::string Ports::schema(Schema&) {
  return R"({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 65535}, {"type": "string", "pattern": "^(\\*|[0-9]{1,5}(-[0-9]{1,5})?)$"}]})";
}

bool Address::read(Reading& reading, const Node& node, IpAddress& value) {
  const auto address = node.scalar() ? IpAddress::parse(node.text()) : std::nullopt;
  if (!address) return wrong(reading, node, "an IP address");
  return value = *address, true;
}

bool Ipv4Address::read(Reading& reading, const Node& node, IpAddress& value) {
  const auto address = node.scalar() ? IpAddress::parse(node.text()) : std::nullopt;
  if (!address || address->family() != IpAddress::Family::ipv4) return wrong(reading, node, "an IPv4 address");
  return value = *address, true;
}

bool Ipv6Address::read(Reading& reading, const Node& node, IpAddress& value) {
  const auto address = node.scalar() ? IpAddress::parse(node.text()) : std::nullopt;
  if (!address || address->family() != IpAddress::Family::ipv6) return wrong(reading, node, "an IPv6 address");
  return value = *address, true;
}

namespace {

/// The prefix with its host bits cleared, as a suggestion.
std::string without_host_bits(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  int length = 0;
  if (!address || !whole_number(text.substr(slash + 1), length)) return {};
  return Cidr{*address, length}.to_string();
}

bool host_bits(Reading& reading, const Node& node) {
  reading.complain(node, fmt::format("the prefix {} has host bits", quoted(node.text())),
                   without_host_bits(node.text()));
  return false;
}

}  // namespace

bool Prefix::read(Reading& reading, const Node& node, Cidr& value) {
  Cidr::ParseError why{};
  const auto prefix = node.scalar() ? Cidr::parse(node.text(), &why) : std::nullopt;
  if (why == Cidr::ParseError::host_bits) return host_bits(reading, node);
  if (!prefix) return wrong(reading, node, "a prefix such as 10.10.0.0/16");
  if (node.text().find('/') == std::string_view::npos)
    return wrong(reading, node, "a prefix with its length", prefix->to_string());
  return value = *prefix, true;
}

bool EnabledOrDisabled::read(Reading& reading, const Node& node, bool& value) {
  if (node.scalar() && node.text() == "Enabled") return value = true, true;
  if (node.scalar() && node.text() == "Disabled") return value = false, true;
  return not_spelled(reading, node, {"Enabled", "Disabled"});
}

bool not_spelled(Reading& reading, const Node& node, std::vector<std::string_view> spellings) {
  Suggestion likely{node.text()};
  if (node.scalar() && reading.may_suggest(spellings.size()))
    for (const std::string_view spelling : spellings) likely.consider(spelling);
  return wrong(reading, node, fmt::format("one of {}", fmt::join(spellings, ", ")), std::string{likely.best()});
}

bool not_a_list(Reading& reading, const Node& node) { return wrong(reading, node, "a list"); }

}  // namespace pgpassage::reading
