#include "scenarios/rules/shown.hpp"

#include <boost/json.hpp>
#include <map>

namespace pgpassage::scenarios {
namespace embedded {
extern const std::string_view shown_yaml;
}  // namespace embedded

namespace {

using Examples = std::map<std::string, ShownExamples, std::less<>>;

Examples read_all() {
  Examples examples;
  const boost::json::value data = boost::json::parse(embedded::shown_yaml);
  for (const auto& [id, shown] : data.as_object())
    examples.emplace(id, ShownExamples{{{}, std::string{shown.at("fails").as_string()}},
                                       {{}, std::string{shown.at("passes").as_string()}}});
  return examples;
}

const Examples& in_words() {
  static const Examples examples = read_all();
  return examples;
}

}  // namespace

ShownExamples examples_of(const CatalogueRule& rule) {
  const auto found = in_words().find(rule.rule.id);
  return found == in_words().end() ? ShownExamples{rule.fails, rule.passes} : found->second;
}

std::vector<std::string> rules_shown_in_words() {
  std::vector<std::string> ids;
  for (const auto& [id, shown] : in_words()) ids.push_back(id);
  return ids;
}

}  // namespace pgpassage::scenarios
