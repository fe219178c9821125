#include "netcheck/topology/reading/fields.hpp"

#include <fmt/format.h>

#include <bitset>

#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

using Seen = std::bitset<64>;

/// Index of the key; files mostly keep the order of the table, so the search starts behind the last hit.
std::size_t find_field(std::span<const Field> fields, std::string_view key, std::size_t start) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t index = start + i < fields.size() ? start + i : start + i - fields.size();
    if (fields[index].key == key) return index;
  }
  return fields.size();
}

/// The key of the object that an abbreviation stands for, singular or plural as the object has it.
std::string_view spelled_out_in(std::span<const Field> fields, std::string_view key) {
  const std::string_view meaning = spelled_out(key);
  if (meaning.empty()) return {};
  for (const Field& field : fields)
    if (field.key.starts_with(meaning) && field.key.size() <= meaning.size() + 1) return field.key;
  for (const Field& field : fields)  // remoteVirtualNetwork, sourceApplicationSecurityGroups
    if (lower(field.key).find(lower(meaning)) != std::string::npos) return field.key;
  return {};
}

std::string likely_key(Reading& reading, std::string_view key, std::span<const Field> fields) {
  if (!reading.may_suggest(fields.size())) return {};
  if (const std::string_view meant = spelled_out_in(fields, key); !meant.empty()) return std::string{meant};
  Suggestion likely{key};
  for (const Field& field : fields) likely.consider(field.key);
  return std::string{likely.best()};
}

void unknown_key(Reading& reading, const Node& key, std::span<const Field> fields) {
  const std::string where = reading.object_name();
  if (asks_for_password(key.text()) && !equal_ignoring_case(key.text(), "passwordFile") &&
      !equal_ignoring_case(key.text(), "passwordEnv"))
    return reading.complain(key, fmt::format("a password in the file: key {} in {}", quoted(key.text()), where),
                            "name a file (passwordFile) or an environment variable (passwordEnv), or use PGPASSFILE");
  if (key.text() == "<<" && key.kind == Kind::plain)
    return reading.complain(key, fmt::format("merge keys (<<) are not supported, in {}", where),
                            "write the keys out, or use an alias for the whole object");
  reading.complain(key, fmt::format("unknown key {} in {}", quoted(key.text()), where),
                   likely_key(reading, key.text(), fields));
}

void check_choices(Reading& reading, const Node& node, const ObjectKind& kind, const Seen& given) {
  for (const auto& [first, second, need] : kind.choices) {
    const std::string_view a = kind.fields[first].key;
    const std::string_view b = kind.fields[second].key;
    if (given[first] && given[second])
      reading.complain_at(b, fmt::format("both '{}' and '{}' in {}", a, b, reading.object_name()),
                          "keep one of the two");
    if (!given[first] && !given[second] && need == Need::required)
      reading.complain(node, fmt::format("missing key '{}' or '{}' in {}", a, b, reading.object_name()));
  }
}

}  // namespace

bool read_fields(Reading& reading, const Node& node, const ObjectKind& kind, void* object) {
  if (node.kind != Kind::mapping) {
    reading.complain(node, fmt::format("expected {} (an object with keys), found {}", kind.noun, described(node)));
    return false;
  }
  const Reading::Scope scope{reading, kind.noun, node};
  Seen seen;
  Seen given;
  std::size_t next = 0;
  for (const Node* key = node.begin(); key != node.end() && !reading.full(); key = key->after()->after()) {
    const Node& value = *key->after();
    if (!key->scalar()) {
      reading.complain(*key,
                       fmt::format("a key must be a name, found {} in {}", described(*key), reading.object_name()));
      continue;
    }
    const std::size_t index = find_field(kind.fields, key->text(), next);
    if (index == kind.fields.size()) {
      reading.reading_value_of(Reading::unknown_key);
      unknown_key(reading, *key, kind.fields);
      continue;
    }
    next = index + 1;
    if (seen[index]) {
      reading.complain(*key, fmt::format("duplicate key {} in {}", quoted(key->text()), reading.object_name()));
      continue;
    }
    seen.set(index);
    if (value.kind == Kind::null) continue;
    given.set(index);
    reading.reading_value_of(kind.fields[index].key);
    kind.fields[index].read(reading, value, object);
  }
  reading.reading_value_of({});
  if (reading.full()) return true;
  for (std::size_t i = 0; i < kind.fields.size(); ++i)
    if (kind.fields[i].need == Need::required && !given[i])
      reading.complain(node, fmt::format("{} '{}' in {}", seen[i] ? "no value for key" : "missing key",
                                         kind.fields[i].key, reading.object_name()));
  check_choices(reading, node, kind, given);
  if (kind.finish != nullptr) kind.finish(reading, object);
  return true;
}

}  // namespace pgpassage::reading
