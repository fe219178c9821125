// Turns a YAML data file into JSON while the program is built. People edit and audit YAML; reading it at every start
// would cost more time than the whole check may take, and JSON of the same content is parsed in a fraction of it.
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <exception>
#include <fstream>
#include <iostream>

namespace {

boost::json::value to_json(const YAML::Node& node) {
  if (node.IsScalar()) return boost::json::string{node.Scalar()};
  if (node.IsSequence()) {
    boost::json::array items;
    for (const YAML::Node& item : node) items.push_back(to_json(item));
    return items;
  }
  boost::json::object members;
  for (const auto& member : node) {
    const std::string& key = member.first.Scalar();
    if (!members.emplace(key, to_json(member.second)).second) throw std::runtime_error("key '" + key + "' twice");
  }
  return members;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  try {
    std::ofstream{arguments[2]} << to_json(YAML::LoadFile(arguments[1]));
  } catch (const std::exception& error) {
    std::cerr << arguments[1] << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
