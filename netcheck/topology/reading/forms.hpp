#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "netcheck/topology/reading/fields.hpp"
#include "netcheck/topology/reading/schema_parts.hpp"
#include "netcheck/topology/spelling.hpp"
#include "netcheck/topology/topology.hpp"

/// How each type of value is written in a topology. A form has `read`, which complains and leaves the value alone
/// when it cannot be read, and `schema`, which says the same to an editor.
namespace pgpassage::reading {

/// A string. An unquoted number or boolean is none, in YAML as in JSON.
struct Text {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return string_schema(); }
};
/// The name of an object: not empty, at most 80 characters, no control characters, no slash.
struct Name {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
/// The name of a topology or migration: letters, digits and hyphens, no leading hyphen.
struct PlainName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return pattern_schema("^[A-Za-z0-9][A-Za-z0-9-]*$"); }
};
/// A DNS name, kept in lower case without its trailing dot.
struct DnsName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
/// What the custom FQDN/IP field takes: a DNS name or an address. A Cloud SQL connection name (project:region:instance)
/// is read as well, so that its rule can say what to write instead.
struct CustomHost {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
/// A name relative to its zone: "@", "*", or labels; kept in lower case.
struct RecordName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
/// A DNS name that is kept with a trailing dot; "." is every name.
struct DomainName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
struct AgentUrl {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return pattern_schema("^https?://"); }
};
struct EnvironmentName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return pattern_schema("^[A-Za-z_][A-Za-z0-9_]*$"); }
};
struct UserName {
  static bool read(Reading& reading, const Node& node, std::string& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
struct Boolean {
  static bool read(Reading& reading, const Node& node, bool& value);
  static std::string schema(Schema&) { return R"({"type": "boolean"})"; }
};
struct Integer {
  static bool read(Reading& reading, const Node& node, int& value);
  static std::string schema(Schema&) { return R"({"type": "integer"})"; }
};
/// 1-65535, a number or a string.
struct PortNumber {
  static bool read(Reading& reading, const Node& node, Port& value);
  static std::string schema(Schema&);
};
/// "5432", "6432-6440", "*", or a number.
struct Ports {
  static bool read(Reading& reading, const Node& node, PortRange& value);
  static std::string schema(Schema&);
};
struct Address {
  static bool read(Reading& reading, const Node& node, IpAddress& value);
  static std::string schema(Schema&) { return string_schema(); }
};
struct Ipv4Address {
  static bool read(Reading& reading, const Node& node, IpAddress& value);
  static std::string schema(Schema&) { return pattern_schema(R"(^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$)"); }
};
struct Ipv6Address {
  static bool read(Reading& reading, const Node& node, IpAddress& value);
  static std::string schema(Schema&) { return pattern_schema("^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$"); }
};
/// A prefix with its length.
struct Prefix {
  static bool read(Reading& reading, const Node& node, Cidr& value);
  static std::string schema(Schema&) { return pattern_schema("^[0-9A-Fa-f:.]+/[0-9]{1,3}$"); }
};
/// A prefix, an address, a service tag or "*".
struct PrefixOrTag {
  static bool read(Reading& reading, const Node& node, AddressPrefix& value);
  static std::string schema(Schema&) { return R"({"type": "string", "minLength": 1})"; }
};
/// "Enabled" is true, "Disabled" is false.
struct EnabledOrDisabled {
  static bool read(Reading& reading, const Node& node, bool& value);
  static std::string schema(Schema&) { return R"({"enum": ["Enabled", "Disabled"]})"; }
};

/// "allow" or "deny", as AWS writes it.
struct RuleAction {
  static bool read(Reading& reading, const Node& node, Access& value);
  static std::string schema(Schema&) { return R"({"enum": ["allow", "deny"]})"; }
};
/// A protocol of AWS: its number or its name, "-1" for every protocol.
struct AclProtocol {
  static bool read(Reading& reading, const Node& node, Protocol& value);
  static std::string schema(Schema&);
};
/// AWS's {from, to}.
struct FromTo {
  static bool read(Reading& reading, const Node& node, PortRange& value);
  static std::string schema(Schema& schema);
};

bool not_spelled(Reading& reading, const Node& node, std::vector<std::string_view> spellings);

template <class Enum>
struct Spelled {
  static bool read(Reading& reading, const Node& node, Enum& value) {
    if (node.scalar())
      for (const auto& spelling : spellings<Enum>())
        if (spelling.text == node.text()) return value = spelling.value, true;
    std::vector<std::string_view> texts;
    for (const auto& spelling : spellings<Enum>()) texts.push_back(spelling.text);
    return not_spelled(reading, node, std::move(texts));
  }
  static std::string schema(Schema&) {
    std::string texts;
    for (const auto& spelling : spellings<Enum>()) texts += (texts.empty() ? "" : ", ") + json_string(spelling.text);
    return fmt::format(R"({{"enum": [{}]}})", texts);
  }
};

/// An object by a table; the one of its type unless another is given.
template <class T, const ObjectKind& (*Kind)() = kind_of<T>>
struct Object {
  static bool read(Reading& reading, const Node& node, T& value) {
    value.location = reading.location_of(node);
    return read_fields(reading, node, Kind(), &value);
  }
  static std::string schema(Schema& schema) { return schema.reference(Kind()); }
};

bool not_a_list(Reading& reading, const Node& node);

/// A list. A value that cannot be read is left out, but an object stays with what was readable (others may name it),
/// and a string stays empty (so that the place of the next one is found by its number).
template <class Form>
struct List {
  template <class T>
  static bool read(Reading& reading, const Node& node, std::vector<T>& values) {
    if (node.kind != Kind::sequence) return not_a_list(reading, node);
    values.reserve(document::size_of(node));
    for (const Node* element = node.begin(); element != node.end() && !reading.full(); element = element->after())
      if (!Form::read(reading, *element, values.emplace_back()) && !std::is_same_v<T, std::string>) values.pop_back();
    return true;
  }
  static std::string schema(Schema& schema) { return list_schema(Form::schema(schema)); }
};

/// One value of what may also be a list under another key.
template <class Form>
struct Single {
  template <class T>
  static bool read(Reading& reading, const Node& node, std::vector<T>& values) {
    if (Form::read(reading, node, values.emplace_back())) return true;
    values.pop_back();
    return false;
  }
  static std::string schema(Schema& schema) { return Form::schema(schema); }
};

template <class Form>
struct Maybe {
  template <class T>
  static bool read(Reading& reading, const Node& node, std::optional<T>& value) {
    if (Form::read(reading, node, value.emplace())) return true;
    value.reset();
    return false;
  }
  static std::string schema(Schema& schema) { return Form::schema(schema); }
};

/// The form of a type where the type alone says it.
template <class T>
struct FormOf {
  using type = Object<T>;
};
template <class T>
requires std::is_enum_v<T>
struct FormOf<T> {
  using type = Spelled<T>;
};
template <>
struct FormOf<std::string> {
  using type = Name;
};
template <>
struct FormOf<bool> {
  using type = Boolean;
};
template <>
struct FormOf<int> {
  using type = Integer;
};
template <>
struct FormOf<Port> {
  using type = PortNumber;
};
template <>
struct FormOf<IpAddress> {
  using type = Address;
};
template <>
struct FormOf<Cidr> {
  using type = Prefix;
};
template <>
struct FormOf<PortRange> {
  using type = Ports;
};
template <>
struct FormOf<AddressPrefix> {
  using type = PrefixOrTag;
};
template <class T>
struct FormOf<std::vector<T>> {
  using type = List<typename FormOf<T>::type>;
};
template <class T>
struct FormOf<std::optional<T>> {
  using type = Maybe<typename FormOf<T>::type>;
};

/// A key whose value has the form of its member's type.
template <auto Member>
constexpr Field field(std::string_view key, Need need, std::string_view description) {
  return field_as<Member, typename FormOf<decltype(value_type_of(Member))>::type>(key, need, description);
}

inline constexpr Need optional = Need::optional;
inline constexpr Need required = Need::required;

}  // namespace pgpassage::reading
