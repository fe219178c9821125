#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/error.hpp"

/// Changes of a topology file: as values, on the tree of the file's values, and (rewrite.hpp) in its text.
namespace pgpassage::editing {

/// One change, naming objects as the file does, so that it means the same whatever other changes are made before it.
struct Edit {
  enum class Action {
    set,            ///< gives the key of the object this value, whether or not it has one
    unset,          ///< takes the key away
    append,         ///< adds the value to the list under the key, which is made when it is absent or null
    insert_before,  ///< the same, in front of the element of that name; at the end when there is none
    erase           ///< removes the element of that name from the list under the key
  };

  Action action = Action::set;
  /// The object: keys and names of list elements in turn, as in {"virtualNetworks", "vnet-hub"}. Empty: the topology.
  std::vector<std::string> object;
  std::string key;
  std::string element = {};  ///< insert_before, erase: the element's name
  boost::json::value value = nullptr;

  bool operator==(const Edit&) const = default;
};

/// One operation of a JSON Patch (RFC 6902); `path` is a JSON Pointer (RFC 6901).
struct Operation {
  enum class Kind { add, replace, remove };

  Kind kind = Kind::add;
  std::string path;
  boost::json::value value = nullptr;

  bool operator==(const Operation&) const = default;
};

/// The values of a text as one tree, aliases expanded. Fails for a text whose syntax is broken.
Result<boost::json::value> tree_of(std::string_view text);

/// What an edit does to this tree. Fails when the tree has no such object. Names are compared as the reader keeps
/// them: case counts only where two elements differ by nothing else, and a trailing dot is no part of a name.
Result<Operation> operation_for(const boost::json::value& tree, const Edit& edit);

/// Applies an operation that was made for this very tree.
void apply(boost::json::value& tree, const Operation& operation);

/// A JSON Patch document: an array of operations.
boost::json::value patch_of(const std::vector<Operation>& operations);

/// The parts of a JSON Pointer, unescaped.
std::vector<std::string> parts_of(std::string_view pointer);

}  // namespace pgpassage::editing
