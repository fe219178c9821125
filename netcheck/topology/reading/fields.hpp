#pragma once

#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/topology/reading/reading.hpp"

/// Tables that say which keys an object has. The reader obeys them and the JSON Schema is written from them.
namespace pgpassage::reading {

class Schema;
enum class Need : std::uint8_t { optional, required };

/// One key of an object.
struct Field {
  std::string_view key;
  Need need = Need::optional;
  std::string_view description;
  void (*read)(Reading&, const Node& value, void* object) = nullptr;
  std::string (*schema)(Schema&) = nullptr;  ///< what a value must look like
  /// Moves a list's values from `part` behind those of `object`; null when the value is no list.
  void (*append)(void* object, void* part) = nullptr;
};

/// Two fields, by their place in the table, of which at most one may have a value; one must when it is required.
struct Choice {
  std::size_t first = 0;
  std::size_t second = 0;
  Need need = Need::optional;
};

constexpr std::size_t index_of(std::span<const Field> fields, std::string_view key) {
  std::size_t index = 0;
  while (fields[index].key != key) ++index;  // a key that is not there does not compile
  return index;
}
constexpr Choice choice(std::span<const Field> fields, std::string_view first, std::string_view second, Need need) {
  return {index_of(fields, first), index_of(fields, second), need};
}

/// Everything about one kind of object. At most 64 fields.
struct ObjectKind {
  std::string_view noun;  ///< "subnet"
  std::string_view description;
  std::span<const Field> fields;
  std::span<const Choice> choices = {};
  /// Looks at the whole object after its keys; may be null.
  void (*finish)(Reading&, void* object) = nullptr;
};

/// The table of the objects that are read into a T. Specialised beside each table.
template <class T>
const ObjectKind& kind_of();

/// Reads the keys of a mapping into `object`: unknown, repeated and missing keys are errors; null means absent.
/// False when the node is no mapping.
bool read_fields(Reading& reading, const Node& node, const ObjectKind& kind, void* object);

/// The type of a member and of the object that has it.
template <class Object, class Value>
Object object_of(Value Object::*);
template <class Object, class Value>
Value value_type_of(Value Object::*);

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

template <auto Member>
void append(void* object, void* part) {
  using Object = decltype(object_of(Member));
  auto& values = static_cast<Object*>(object)->*Member;
  auto& more = static_cast<Object*>(part)->*Member;
  values.insert(values.end(), std::move_iterator{more.begin()}, std::move_iterator{more.end()});
}

template <auto Member>
constexpr auto appending() -> void (*)(void*, void*) {
  if constexpr (is_list<decltype(value_type_of(Member))>) return append<Member>;
  return nullptr;
}

/// A key whose value a Form (forms.hpp) reads into a member.
template <auto Member, class Form>
constexpr Field field_as(std::string_view key, Need need, std::string_view description) {
  using Object = decltype(object_of(Member));
  return {key,
          need,
          description,
          [](Reading& reading, const Node& node, void* object) {
            Form::read(reading, node, static_cast<Object*>(object)->*Member);
          },
          [](Schema& schema) { return Form::schema(schema); },
          appending<Member>()};
}

}  // namespace pgpassage::reading
