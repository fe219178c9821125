#include "scenarios/matrix/read_edition.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "netcheck/topology/spelling.hpp"

namespace pgpassage::scenarios {
namespace {

namespace json = boost::json;

std::string text(const json::object& members, std::string_view key) {
  const json::value* value = members.if_contains(key);
  return value ? std::string{value->as_string()} : std::string{};
}

std::string required(const json::object& members, std::string_view key) {
  return std::string{members.at(key).as_string()};
}

template <class Enum>
Enum spelled(std::string_view text) {
  for (const auto& [spelling, value] : spellings<Enum>())
    if (spelling == text) return value;
  throw std::invalid_argument("'" + std::string{text} + "' in the scenario matrix");
}

template <class Enum>
std::vector<Enum> list(const json::object& members, std::string_view key) {
  std::vector<Enum> values;
  for (const json::value& item : members.at(key).as_array()) values.push_back(spelled<Enum>(item.as_string()));
  return values;
}

std::optional<Path> path_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == to_string(Path::direct)) return Path::direct;
  if (text == to_string(Path::runtime_server)) return Path::runtime_server;
  throw std::invalid_argument("path '" + std::string{text} + "' in the scenario matrix");
}

Cite cite_of(const json::object& row, const Edition& edition) {
  const json::object& cite = row.at("cite").as_object();
  Cite result{text(cite, "document"), required(cite, "section"), text(cite, "edition")};
  if (result.document.empty()) result.document = edition.document;
  if (result.edition.empty()) result.edition = edition.id;
  return result;
}

MatrixRow row_of(const json::object& row, const Edition& edition) {
  MatrixRow result;
  result.id = required(row, "id");
  result.title = required(row, "title");
  result.source = required(row, "source");
  result.source_kinds = list<ServerKind>(row, "sourceKinds");
  result.source_access = list<ServerAccess>(row, "sourceAccess");
  result.target_access = spelled<ServerAccess>(required(row, "targetAccess"));
  result.supported = required(row, "supported") == "true";
  result.path = path_of(text(row, "path"));
  for (const json::value& number : row.at("requirements").as_array())
    result.requirements.emplace_back(number.as_string());
  result.cite = cite_of(row, edition);
  return result;
}

}  // namespace

Edition read_edition(std::string_view text) {
  const json::value document = json::parse(text);
  const json::object& members = document.as_object();
  Edition edition;
  edition.id = required(members, "id");
  edition.title = required(members, "title");
  edition.document = required(members, "document");
  edition.document_date = required(members, "documentDate");
  for (const json::value& row : members.at("rows").as_array()) edition.rows.push_back(row_of(row.as_object(), edition));
  return edition;
}

}  // namespace pgpassage::scenarios
