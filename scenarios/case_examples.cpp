// Takes, while the program is built, the example of each rule from its two case files, the one that fails and the one
// that passes: the lines in which they differ, with the lines that enclose them. `rules ID` prints them.
//   pgpassage_case_examples OUT SOURCE_FOLDER RULES.yaml...
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

namespace {

using Lines = std::vector<std::string>;

Lines read(const std::string& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path);
  Lines lines;
  for (std::string line; std::getline(file, line);)
    if (line.find_first_not_of(' ') != std::string::npos && !line.starts_with('#')) lines.push_back(line);
  return lines;
}

/// Of each file, the lines that the other lacks, and those beside the gap where it lacks lines of the other.
struct Difference {
  std::set<std::size_t> left, right;
};

void add_gap(std::set<std::size_t>& lines, std::size_t next, std::size_t size) {
  if (next > 0) lines.insert(next - 1);
  if (next < size) lines.insert(next);
}

Difference difference(const Lines& left, const Lines& right) {
  std::vector<std::vector<int>> common(left.size() + 1, std::vector<int>(right.size() + 1));
  for (std::size_t i = left.size(); i-- > 0;)
    for (std::size_t j = right.size(); j-- > 0;)
      common[i][j] = left[i] == right[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  Difference result;
  std::size_t i = 0, j = 0;
  while (i < left.size() || j < right.size()) {
    if (i < left.size() && j < right.size() && left[i] == right[j]) {
      ++i, ++j;
    } else if (j == right.size() || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
      result.left.insert(i++);
      add_gap(result.right, j, right.size());
    } else {
      result.right.insert(j++);
      add_gap(result.left, i, left.size());
    }
  }
  return result;
}

std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

/// The lines and those that enclose them. A list item's first line encloses the rest of the item.
std::string excerpt(const Lines& lines, std::set<std::size_t> chosen) {
  for (const std::size_t index : std::set{chosen}) {
    std::size_t indent = indent_of(lines[index]);
    for (std::size_t above = index; above-- > 0 && indent > 0;)
      if (indent_of(lines[above]) < indent) {
        chosen.insert(above);
        indent = indent_of(lines[above]);
      }
  }
  std::string text;
  for (const std::size_t index : chosen) {
    const bool heading = lines[index].starts_with("metadata:") || lines[index].starts_with("  description:");
    if (!heading) text += lines[index] + '\n';
  }
  return text;
}

void add_example(boost::json::object& examples, const std::string& source, const YAML::Node& rule) {
  const YAML::Node cases = rule["cases"];
  if (!cases) return;
  const std::string name = rule["name"].Scalar();
  const auto path = [&](const char* side) { return "tests/cases/" + name + '/' + cases[side].Scalar() + ".yaml"; };
  const Lines fails = read(source + '/' + path("fails")), passes = read(source + '/' + path("passes"));
  const Difference lines = difference(fails, passes);
  examples[name] = {{"fails", {{"file", path("fails")}, {"text", excerpt(fails, lines.left)}}},
                    {"passes", {{"file", path("passes")}, {"text", excerpt(passes, lines.right)}}}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) return 2;
  try {
    boost::json::object examples;
    for (int index = 3; index < count; ++index)
      for (const YAML::Node& rule : YAML::LoadFile(arguments[index])) add_example(examples, arguments[2], rule);
    std::ofstream{arguments[1]} << examples;
  } catch (const std::exception& error) {
    std::cerr << "examples of the rules: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
