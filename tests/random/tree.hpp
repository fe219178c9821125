#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// A topology file as a tree of values, for tests that take it apart: read from YAML, written as YAML or JSON.
namespace pgpassage::random {

using Tree = boost::json::value;

/// The tree of a YAML or JSON text that is known to be well-formed.
Tree tree_of(std::string_view text);

/// Block style down to the objects that fit in a line.
std::string yaml_of(const Tree& tree);

/// One place in a tree: keys and indexes from the root.
using Path = std::vector<std::string>;

/// Every object's key and every array's element, outer ones first.
std::vector<Path> paths_of(const Tree& tree);
const Tree& at(const Tree& tree, const Path& path);
Tree without(Tree tree, const Path& path);
Tree with(Tree tree, const Path& path, Tree value);
std::string to_string(const Path& path);

/// The smallest tree that is found by leaving things out of this one while `still` holds.
Tree shrink(Tree tree, const std::function<bool(const Tree&)>& still);

}  // namespace pgpassage::random
