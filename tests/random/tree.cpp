#include "tests/random/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "netcheck/topology/document/document.hpp"

namespace pgpassage::random {
namespace {

using document::Kind;
using document::Node;

bool number(std::string_view text) {
  return !text.empty() && text.size() < 7 && text.find_first_not_of("0123456789") == text.npos;
}

Tree plain(std::string_view text) {
  if (text == "true" || text == "false") return text == "true";
  if (number(text)) return std::stoi(std::string{text});
  return Tree(text);
}

Tree tree_of(const Node& node) {
  if (node.kind == Kind::null) return nullptr;
  if (node.kind == Kind::plain) return plain(node.text());
  if (node.kind == Kind::quoted) return Tree(node.text());
  boost::json::object object;
  boost::json::array array;
  for (const Node* child = node.begin(); child != node.end(); child = child->after()) {
    if (node.kind == Kind::sequence) {
      array.push_back(tree_of(*child));
      continue;
    }
    const std::string key{child->text()};
    child = child->after();
    object[key] = tree_of(*child);
  }
  return node.kind == Kind::sequence ? Tree(array) : Tree(object);
}

std::string scalar(const Tree& value) {
  if (!value.is_string()) return boost::json::serialize(value);
  const std::string_view text = value.as_string();
  const bool safe = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
                    text.find_first_of(":#,[]{}\"'*&!|>%@` ") == text.npos;
  return safe ? std::string{text} : boost::json::serialize(value);
}

std::string in_line(const Tree& value) {
  std::vector<std::string> parts;
  if (value.is_array()) {
    for (const Tree& element : value.as_array()) parts.push_back(in_line(element));
    return fmt::format("[{}]", fmt::join(parts, ", "));
  }
  if (!value.is_object()) return scalar(value);
  for (const auto& [key, element] : value.as_object())
    parts.push_back(fmt::format("{}: {}", std::string_view{key}, in_line(element)));
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

bool fits(const std::string& text, std::size_t indent) { return text.size() + indent < 110; }

void write(std::string& text, const Tree& value, std::size_t indent);

void write_member(std::string& text, const std::string& head, const Tree& value, std::size_t indent) {
  const std::string line = in_line(value);
  if (fits(head + line, indent) || !(value.is_array() || value.is_object())) {
    text += fmt::format("{:{}}{}{}\n", "", indent, head, line);
    return;
  }
  text += fmt::format("{:{}}{}\n", "", indent, head.substr(0, head.find_last_not_of(' ') + 1));
  write(text, value, indent + 2);
}

void write_element(std::string& text, const Tree& value, std::size_t indent) {
  const std::string line = in_line(value);
  if (fits(line, indent + 2) || !value.is_object()) {
    text += fmt::format("{:{}}- {}\n", "", indent, line);
    return;
  }
  std::string inner;
  write(inner, value, indent + 2);
  inner[indent] = '-';
  text += inner;
}

void write(std::string& text, const Tree& value, std::size_t indent) {
  if (value.is_array())
    for (const Tree& element : value.as_array()) write_element(text, element, indent);
  if (value.is_object())
    for (const auto& [key, element] : value.as_object()) write_member(text, std::string{key} + ": ", element, indent);
}

void gather(const Tree& tree, const Path& path, std::vector<Path>& paths) {
  const auto visit = [&](std::string key, const Tree& value) {
    Path inner = path;
    inner.push_back(std::move(key));
    paths.push_back(inner);
    gather(value, inner, paths);
  };
  if (tree.is_object())
    for (const auto& [key, value] : tree.as_object()) visit(std::string{key}, value);
  if (tree.is_array())
    for (std::size_t i = 0; i < tree.as_array().size(); ++i) visit(std::to_string(i), tree.as_array()[i]);
}

Tree& below(Tree& tree, const std::string& key) {
  return tree.is_object() ? tree.as_object().at(key) : tree.as_array().at(std::stoul(key));
}

Tree& parent_of(Tree& tree, const Path& path) {
  Tree* parent = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) parent = &below(*parent, path[i]);
  return *parent;
}

}  // namespace

Tree tree_of(std::string_view text) {
  const auto read = format_of(text) == TopologyFormat::json ? document::read_json(text) : document::read_yaml(text);
  return tree_of(read.value().root());
}

std::string yaml_of(const Tree& tree) {
  std::string text;
  write(text, tree, 0);
  return text;
}

std::vector<Path> paths_of(const Tree& tree) {
  std::vector<Path> paths;
  gather(tree, {}, paths);
  std::ranges::stable_sort(paths, {}, &Path::size);
  return paths;
}

const Tree& at(const Tree& tree, const Path& path) {
  const Tree* found = &tree;
  for (const std::string& key : path)
    found = found->is_object() ? &found->as_object().at(key) : &found->as_array().at(std::stoul(key));
  return *found;
}

Tree without(Tree tree, const Path& path) {
  Tree& parent = parent_of(tree, path);
  if (parent.is_object()) {
    parent.as_object().erase(path.back());
  } else {
    auto& array = parent.as_array();
    array.erase(array.begin() + static_cast<std::ptrdiff_t>(std::stoul(path.back())));
  }
  return tree;
}

Tree with(Tree tree, const Path& path, Tree value) {
  below(parent_of(tree, path), path.back()) = std::move(value);
  return tree;
}

std::string to_string(const Path& path) { return fmt::format("{}", fmt::join(path, ".")); }

Tree shrink(Tree tree, const std::function<bool(const Tree&)>& still) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    std::vector<Path> paths = paths_of(tree);
    for (std::size_t i = 0; i < paths.size();) {
      Tree less = without(tree, paths[i]);
      if (!still(less)) {
        ++i;
        continue;
      }
      tree = std::move(less);
      paths = paths_of(tree);
      smaller = true;
    }
  }
  return tree;
}

}  // namespace pgpassage::random
