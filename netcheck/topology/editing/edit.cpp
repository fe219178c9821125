#include "netcheck/topology/editing/edit.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>
#include <optional>

#include "netcheck/topology/document/document.hpp"

namespace pgpassage::editing {
namespace json = boost::json;
namespace {

using document::Kind;
using document::Node;

/// The value of unquoted letters: a boolean, a number, else a string.
json::value plain_value(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return json::string{text};
}

json::value value_of(const Node& node) {
  switch (node.kind) {
    case Kind::null: return nullptr;
    case Kind::plain: return plain_value(node.text());
    case Kind::quoted: return json::string{node.text()};
    case Kind::sequence: {
      json::array list;
      for (const Node* child = node.begin(); child != node.end(); child = child->after())
        list.push_back(value_of(*child));
      return list;
    }
    case Kind::mapping: break;
  }
  json::object object;
  for (const Node* key = node.begin(); key != node.end(); key = key->after()->after())
    object[key->text()] = value_of(*key->after());
  return object;
}

std::string canonical(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  std::string lower{name};
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

/// What the elements of a list are known by.
std::string_view name_of(const json::value& element) {
  if (element.is_string()) return element.get_string();
  if (!element.is_object()) return {};
  const json::value* name = element.get_object().if_contains("name");
  return name != nullptr && name->is_string() ? std::string_view{name->get_string()} : std::string_view{};
}

std::optional<std::size_t> index_of(const json::array& list, std::string_view name) {
  for (const bool exact : {true, false})
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string_view here = name_of(list[i]);
      if (!here.empty() && (exact ? here == name : canonical(here) == canonical(name))) return i;
    }
  return std::nullopt;
}

std::string pointer(std::string_view parent, std::string_view part) {
  std::string path{parent};
  path += '/';
  for (const char c : part) path += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return path;
}

struct Place {
  const json::value* value = nullptr;
  std::string path;
};

std::optional<Place> find(const json::value& tree, const std::vector<std::string>& object) {
  Place place{&tree, ""};
  for (const std::string& part : object) {
    std::string next = part;
    if (const json::array* list = place.value->if_array()) {
      const auto index = index_of(*list, part);
      if (!index) return std::nullopt;
      next = std::to_string(*index);
      place.value = &(*list)[*index];
    } else {
      const json::object* members = place.value->if_object();
      place.value = members == nullptr ? nullptr : members->if_contains(part);
      if (place.value == nullptr) return std::nullopt;
    }
    place.path = pointer(place.path, next);
  }
  return place;
}

using Part = std::vector<std::string>;

json::value* child_of(json::value& parent, const std::string& part) {
  if (json::object* object = parent.if_object()) return object->if_contains(part);
  json::array* list = parent.if_array();
  const std::size_t index = list == nullptr ? 0 : std::strtoul(part.c_str(), nullptr, 10);
  return list != nullptr && index < list->size() ? &(*list)[index] : nullptr;
}

void apply_to_list(json::array& list, const std::string& part, const Operation& operation) {
  const std::size_t index = part == "-" ? list.size() : std::strtoul(part.c_str(), nullptr, 10);
  if (index > list.size()) return;
  const auto at = list.begin() + static_cast<std::ptrdiff_t>(index);
  switch (operation.kind) {
    case Operation::Kind::add: list.insert(at, operation.value); return;
    case Operation::Kind::replace: *at = operation.value; return;
    case Operation::Kind::remove: list.erase(at); return;
  }
}

}  // namespace

Result<json::value> tree_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto document = format_of(text) == TopologyFormat::json ? document::read_json(text) : document::read_yaml(text);
  if (!document) return fail(Errc::input, "{}", document.error().message);
  return value_of(document->root());
}

Result<Operation> operation_for(const json::value& tree, const Edit& edit) {
  using enum Edit::Action;
  const auto place = find(tree, edit.object);
  const json::object* object = place ? place->value->if_object() : nullptr;
  if (object == nullptr) return fail(Errc::not_found, "the file has no object for '{}'", edit.key);
  const json::value* value = object->if_contains(edit.key);
  const std::string path = pointer(place->path, edit.key);
  const auto kind = value == nullptr ? Operation::Kind::add : Operation::Kind::replace;
  if (edit.action == set) return Operation{kind, path, edit.value};
  if (edit.action == unset && value == nullptr) return fail(Errc::not_found, "there is no key '{}'", edit.key);
  if (edit.action == unset) return Operation{Operation::Kind::remove, path, nullptr};
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (edit.action == append || edit.action == insert_before) {
    if (list == nullptr) return Operation{kind, path, json::array{edit.value}};
    const auto before = edit.action == insert_before ? index_of(*list, edit.element) : std::nullopt;
    return Operation{Operation::Kind::add, path + "/" + (before ? std::to_string(*before) : "-"), edit.value};
  }
  const auto index = list == nullptr ? std::nullopt : index_of(*list, edit.element);
  if (!index) return fail(Errc::not_found, "the list '{}' has no element '{}'", edit.key, edit.element);
  return Operation{Operation::Kind::remove, path + "/" + std::to_string(*index), nullptr};
}

void apply(json::value& tree, const Operation& operation) {
  const Part parts = parts_of(operation.path);
  json::value* parent = &tree;
  for (std::size_t i = 0; i + 1 < parts.size() && parent != nullptr; ++i) parent = child_of(*parent, parts[i]);
  if (parent == nullptr || parts.empty()) return;
  if (json::array* list = parent->if_array()) return apply_to_list(*list, parts.back(), operation);
  json::object* object = parent->if_object();
  if (object == nullptr) return;
  if (operation.kind == Operation::Kind::remove)
    object->erase(parts.back());
  else
    (*object)[parts.back()] = operation.value;
}

json::value patch_of(const std::vector<Operation>& operations) {
  json::array patch;
  for (const Operation& operation : operations) {
    using enum Operation::Kind;
    json::object entry{{"op", operation.kind == add       ? "add"
                              : operation.kind == replace ? "replace"
                                                          : "remove"},
                       {"path", operation.path}};
    if (operation.kind != remove) entry["value"] = operation.value;
    patch.push_back(std::move(entry));
  }
  return patch;
}

std::vector<std::string> parts_of(std::string_view pointer) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      parts.emplace_back();
    } else if (pointer[i] == '~' && i + 1 < pointer.size()) {
      parts.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      parts.back() += pointer[i];
    }
  }
  return parts;
}

}  // namespace pgpassage::editing
