#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "netcheck/topology/reading/forms.hpp"
#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

bool alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// An unquoted number or boolean: in JSON, and for every reader of YAML's core schema, no string.
bool number_or_boolean(std::string_view text) {
  if (text == "true" || text == "false" || text == "True" || text == "False" || text == "TRUE" || text == "FALSE")
    return true;
  if (text.empty() || !(std::string_view{"+-.0123456789"}.find(text.front()) != text.npos)) return false;
  if (text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool refuse(Reading& reading, const Node& node, std::string message, std::string suggestion = {}) {
  reading.complain(node, std::move(message), std::move(suggestion));
  return false;
}

/// Letters, digits and what names mostly have beside them: nothing that read_string() looks for is among these.
bool harmless(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
}

/// The text of a string; nothing when the node is none, is empty, or holds what must not be in the file.
bool read_string(Reading& reading, const Node& node, std::string_view expected, std::string_view& text) {
  if (!node.scalar()) return refuse(reading, node, fmt::format("expected {}, found {}", expected, described(node)));
  text = node.text();
  if (node.kind == Kind::quoted && harmless(text)) return true;
  if (node.kind == Kind::plain && number_or_boolean(text))
    return refuse(reading, node, fmt::format("expected {}, found {}, a number or boolean", expected, quoted(text)),
                  fmt::format("\"{}\"", text.substr(0, 40)));
  if (holds_password(text))
    return refuse(reading, node, fmt::format("a password in the file, in {}", reading.object_name()),
                  "leave it out here and use passwordFile, passwordEnv or PGPASSFILE");
  if (const auto at =
          std::find_if(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\t'; });
      at != text.end())
    return refuse(reading, node, fmt::format("a control character in {}", quoted(text)));
  return true;
}

bool labels_are_valid(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return alphanumeric(c) || c == '-' || c == '_'; }))
      return false;
    if (dot == name.npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool read_dns_name(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "a DNS name", text)) return false;
  const std::string_view name = text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
  if (!labels_are_valid(name)) return refuse(reading, node, fmt::format("{} is not a DNS name", quoted(text)));
  return value = lower(name), true;
}

}  // namespace

bool Text::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "a text", text)) return false;
  return value = text, true;
}

bool Name::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "a name", text)) return false;
  if (text.empty()) return refuse(reading, node, "a name must not be empty");
  if (text.size() > 80)
    return refuse(reading, node, fmt::format("the name {} is longer than 80 characters", quoted(text)));
  if (text.find_first_of("\n\t") != text.npos || text.front() == ' ' || text.back() == ' ')
    return refuse(reading, node, fmt::format("{} is not a name: white space around or in it", quoted(text)));
  return value = text, true;
}

bool PlainName::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "a name", text)) return false;
  const bool valid = !text.empty() && text.front() != '-' &&
                     std::all_of(text.begin(), text.end(), [](char c) { return alphanumeric(c) || c == '-'; });
  if (!valid)
    return refuse(reading, node,
                  fmt::format("{} is not a name: letters, digits and hyphens, with no leading hyphen", quoted(text)));
  return value = text, true;
}

bool CustomHost::read(Reading& reading, const Node& node, std::string& value) {
  const std::string_view text = node.scalar() ? node.text() : std::string_view{};
  const bool connection_name =
      std::count(text.begin(), text.end(), ':') == 2 &&
      std::all_of(text.begin(), text.end(), [](char c) { return alphanumeric(c) || c == ':' || c == '-' || c == '.'; });
  if (!connection_name && !IpAddress::parse(text)) return read_dns_name(reading, node, value);
  std::string_view read;
  return read_string(reading, node, "a DNS name or an address", read) && (value = lower(read), true);
}

bool DnsName::read(Reading& reading, const Node& node, std::string& value) {
  return read_dns_name(reading, node, value);
}

bool RecordName::read(Reading& reading, const Node& node, std::string& value) {
  const std::string_view text = node.text();
  if (text == "@" || text == "*") return value = text, true;
  if (!text.starts_with("*.") || !labels_are_valid(text.substr(2))) return read_dns_name(reading, node, value);
  return value = lower(text), true;
}

bool DomainName::read(Reading& reading, const Node& node, std::string& value) {
  if (node.scalar() && node.text() == ".") return value.assign(1, '.'), true;
  if (!read_dns_name(reading, node, value)) return false;
  value += '.';
  return true;
}

bool AgentUrl::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "a URL", text)) return false;
  const std::size_t scheme = text.find("://");
  const bool http = text.starts_with("https://") || text.starts_with("http://");
  if (!http || scheme + 3 == text.size() || text.find_first_of(" \t\n") != text.npos)
    return refuse(reading, node, fmt::format("{} is not the URL of an agent", quoted(text)), "https://address:7443");
  return value = text, true;
}

bool EnvironmentName::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "the name of an environment variable", text)) return false;
  const bool valid = !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
                     std::all_of(text.begin(), text.end(), [](char c) { return alphanumeric(c) || c == '_'; });
  if (!valid)  // what stands there may be the password itself
    return refuse(reading, node, "not the name of an environment variable (the text is not shown)",
                  "passwordEnv names the variable that holds the password");
  return value = text, true;
}

bool UserName::read(Reading& reading, const Node& node, std::string& value) {
  std::string_view text;
  if (!read_string(reading, node, "the name of a role", text)) return false;
  if (text.empty()) return refuse(reading, node, "the name of a role must not be empty");
  if (text.find(':') != text.npos)  // user:password, as in a URI; no role of Azure's may hold a colon
    return refuse(reading, node, "a user name with a colon looks like user:password (the text is not shown)",
                  "use passwordFile, passwordEnv or PGPASSFILE for the password");
  return value = text, true;
}

}  // namespace pgpassage::reading
