#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/cdc/change.hpp"

namespace pgpassage::migrate::cdc {

/// A value as plug-ins write it that name every column in every change.
struct NamedValue {
  std::string_view name;
  Oid type = 0;
  std::string_view type_name;
  Value value;
};
using NamedValues = std::span<const NamedValue>;

/// Descriptions of tables for plug-ins that send none, made from the columns that changes name.
class DescribedTables {
 public:
  enum class Columns : bool { some, all };  ///< whether a change that leaves a column out says that there is none

  /// As known so far; without columns when no change named any.
  const Relation* find(std::string_view schema, std::string_view name);

  /// `relation`, or its new description when these columns do not fit it.
  const Relation* learn(const Relation* relation, NamedValues columns, Columns which);

  /// One value per column of `relation`, which has learned these; `missing` where there is none.
  static Row arrange(const Relation& relation, NamedValues named, Value missing, std::vector<Value>& row);

 private:
  using Name = std::pair<std::string, std::string>;
  struct ByName {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      const int names = std::string_view{a.second}.compare(b.second);  // tables differ in name more than in schema
      return names < 0 || (names == 0 && std::string_view{a.first} < std::string_view{b.first});
    }
  };
  std::deque<Relation> relations_;  // every description there was: changes kept by others refer to them
  std::map<Name, const Relation*, ByName> current_;
  const Relation* last_ = nullptr;
};

}  // namespace pgpassage::migrate::cdc
