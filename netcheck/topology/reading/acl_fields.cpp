#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/suggest.hpp"

// Network ACLs, in the words of AWS (EC2 API, NetworkAclEntry).
namespace pgpassage::reading {
namespace {

constexpr int highest_rule_number = 32766;

struct AclProtocolName {
  std::string_view text;
  Protocol value;
};
constexpr AclProtocolName acl_protocols[] = {{"-1", Protocol::any},    {"all", Protocol::any}, {"tcp", Protocol::tcp},
                                             {"6", Protocol::tcp},     {"udp", Protocol::udp}, {"17", Protocol::udp},
                                             {"icmp", Protocol::icmp}, {"1", Protocol::icmp},  {"58", Protocol::icmp},
                                             {"50", Protocol::esp},    {"51", Protocol::ah}};

/// The two ends of a port range while they are read.
struct AclPorts {
  int from = -1;
  int to = -1;
  Location location;
};

struct AclPort {
  static bool read(Reading& reading, const Node& node, int& value) {
    const std::string_view text = node.text();
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (node.scalar() && error == std::errc{} && end == text.data() + text.size() && number >= 0 && number <= 65535)
      return value = number, true;
    reading.complain(node, fmt::format("expected a port (0-65535), found {}", described(node)));
    return false;
  }
  static std::string schema(Schema&) {
    return R"({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 65535}, {"type": "string", "pattern": "^[0-9]{1,5}$"}]})";
  }
};

constexpr Field port_range_fields[] = {
    field_as<&AclPorts::from, AclPort>("from", required, "The first port"),
    field_as<&AclPorts::to, AclPort>("to", required, "The last port"),
};
const ObjectKind& port_range_kind() {
  static constexpr ObjectKind kind{"port range", "Ports of a network ACL entry", port_range_fields};
  return kind;
}

constexpr Field entry_fields[] = {
    field<&NetworkAclEntry::rule_number>("ruleNumber", required,
                                         "1-32766, unique per direction; the lowest is tried first"),
    field<&NetworkAclEntry::egress>("egress", optional, "true for traffic that leaves the subnet; false when absent"),
    field_as<&NetworkAclEntry::protocol, AclProtocol>("protocol", required,
                                                      "tcp, udp, icmp, their numbers, -1 for all"),
    field_as<&NetworkAclEntry::rule_action, RuleAction>("ruleAction", required, "allow or deny"),
    field<&NetworkAclEntry::cidr_block>("cidrBlock", optional, "The other end, an IPv4 prefix"),
    field<&NetworkAclEntry::cidr_block>("ipv6CidrBlock", optional, "The other end, an IPv6 prefix"),
    field_as<&NetworkAclEntry::port_range, FromTo>("portRange", optional, "Destination ports, for tcp and udp"),
};
constexpr Choice entry_choices[] = {choice(entry_fields, "cidrBlock", "ipv6CidrBlock", required)};

constexpr Field network_acl_fields[] = {
    field<&NetworkAcl::name>("name", required, "Name, unique in its site"),
    field<&NetworkAcl::is_default>("isDefault", optional, "For every address that no other one covers"),
    field<&NetworkAcl::associations>("associations", optional, "CIDR blocks of the subnets it belongs to"),
    field<&NetworkAcl::entries>("entries", required, "What no entry names is denied"),
};

bool has_ports(Protocol protocol) { return protocol == Protocol::tcp || protocol == Protocol::udp; }

}  // namespace

bool RuleAction::read(Reading& reading, const Node& node, Access& value) {
  if (node.scalar() && node.text() == "allow") return value = Access::allow, true;
  if (node.scalar() && node.text() == "deny") return value = Access::deny, true;
  return not_spelled(reading, node, {"allow", "deny"});
}

bool AclProtocol::read(Reading& reading, const Node& node, Protocol& value) {
  std::vector<std::string_view> texts;
  for (const AclProtocolName& known : acl_protocols) {
    if (node.scalar() && node.text() == known.text) return value = known.value, true;
    texts.push_back(known.text);
  }
  return not_spelled(reading, node, std::move(texts));
}

std::string AclProtocol::schema(Schema&) {
  std::string texts;
  for (const AclProtocolName& known : acl_protocols) {
    texts += (texts.empty() ? "" : ", ") + json_string(known.text);
    const bool number = known.text.find_first_not_of("-0123456789") == std::string_view::npos;
    if (number) texts += fmt::format(", {}", known.text);
  }
  return fmt::format(R"({{"enum": [{}]}})", texts);
}

bool FromTo::read(Reading& reading, const Node& node, PortRange& value) {
  AclPorts ports;
  if (!read_fields(reading, node, port_range_kind(), &ports) || ports.from < 0 || ports.to < 0) return false;
  if (ports.from > ports.to) {
    reading.complain(node, fmt::format("a port range from {} to {}", ports.from, ports.to),
                     fmt::format("{{from: {}, to: {}}}", ports.to, ports.from));
    return false;
  }
  return value = {static_cast<Port>(ports.from), static_cast<Port>(ports.to)}, true;
}

std::string FromTo::schema(Schema& schema) { return schema.reference(port_range_kind()); }

void finish_network_acl_entry(Reading& reading, void* object) {
  const NetworkAclEntry& entry = *static_cast<NetworkAclEntry*>(object);
  if (reading.broken(entry.location)) return;
  if (entry.rule_number < 1 || entry.rule_number > highest_rule_number)
    reading.complain_at("ruleNumber",
                        fmt::format("ruleNumber {} is not in 1-{}", entry.rule_number, highest_rule_number));
  const bool six = document::value_of(*reading.object(), "cidrBlock") == nullptr;
  if (six != (entry.cidr_block.address().family() == IpAddress::Family::ipv6))
    reading.complain_at(six ? "ipv6CidrBlock" : "cidrBlock",
                        fmt::format("{} in {}", entry.cidr_block.to_string(), six ? "ipv6CidrBlock" : "cidrBlock"),
                        six ? "cidrBlock" : "ipv6CidrBlock");
  const Node* ports = document::value_of(*reading.object(), "portRange");
  const bool given = ports != nullptr && ports->kind != Kind::null;
  if (has_ports(entry.protocol) && !given)
    reading.complain(*reading.object(), "missing key 'portRange' in a network ACL entry",
                     "{from: 0, to: 65535} is every port");
  if (!has_ports(entry.protocol) && given)
    reading.complain_at("portRange", "'portRange' in a network ACL entry that is neither tcp nor udp",
                        "AWS takes every port here: leave it out, or name tcp or udp");
}

void finish_network_acl(Reading& reading, void* object) {
  NetworkAcl& acl = *static_cast<NetworkAcl*>(object);
  std::unordered_map<int, int> taken;  // bit 1 for ingress, bit 2 for egress
  for (const NetworkAclEntry& entry : acl.entries) {
    if (reading.broken(entry.location)) continue;
    const int bit = entry.egress ? 2 : 1;
    int& seen = taken[entry.rule_number];
    if ((seen & bit) != 0)
      reading.complain(entry.location,
                       fmt::format("ruleNumber {} is used twice for {} entries in {}", entry.rule_number,
                                   entry.egress ? "egress" : "ingress", reading.object_name()));
    seen |= bit;
  }
  std::stable_sort(acl.entries.begin(), acl.entries.end(),
                   [](const auto& a, const auto& b) { return a.rule_number < b.rule_number; });
}

template <>
const ObjectKind& kind_of<NetworkAclEntry>() {
  static constexpr ObjectKind kind{"network ACL entry", "A rule of a network ACL", entry_fields, entry_choices,
                                   finish_network_acl_entry};
  return kind;
}
template <>
const ObjectKind& kind_of<NetworkAcl>() {
  static constexpr ObjectKind kind{
      "network ACL", "A stateless filter of subnets of AWS", network_acl_fields, {}, finish_network_acl};
  return kind;
}

}  // namespace pgpassage::reading
