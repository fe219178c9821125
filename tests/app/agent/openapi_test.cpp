#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "app/agent/api/requests.hpp"
#include "app/agent/api/service.hpp"
#include "tests/app/agent/process.hpp"
#include "tests/app/program.hpp"

/// openapi.yaml and the code say the same: every path and method, and what is asked and answered.
namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;

json::value value_of(const YAML::Node& node) {
  if (node.IsNull()) return nullptr;
  if (node.IsScalar()) {
    const std::string text = node.Scalar();
    if (node.Tag() == "!") return json::string(text);  // quoted
    if (text == "true" || text == "false") return text == "true";
    if (!text.empty() && text.find_first_not_of("0123456789") == text.npos) return std::stoll(text);
    return json::string(text);
  }
  if (node.IsSequence()) {
    json::array array;
    for (const YAML::Node& item : node) array.push_back(value_of(item));
    return array;
  }
  json::object object;
  for (const auto& member : node) object[member.first.Scalar()] = value_of(member.second);
  return object;
}

const json::object& document() {
  static const json::value value = value_of(YAML::LoadFile(PGPASSAGE_SOURCE_DIR "/app/agent/openapi.yaml"));
  return value.as_object();
}

/// What is wrong with `text` by the schema of that name; empty: nothing.
std::string objections(const std::string& text, const std::string& schema_name) {
  const json::value root{{"allOf", json::array{{{"$ref", "#/components/schemas/" + schema_name}}}},
                         {"components", document().at("components")}};
  valijson::Schema schema;
  valijson::SchemaParser{}.populateSchema(valijson::adapters::BoostJsonAdapter{root}, schema);
  json::error_code broken;
  const json::value value = json::parse(text, broken);
  if (broken) return "not JSON: " + text;
  valijson::ValidationResults results;
  valijson::Validator{}.validate(schema, valijson::adapters::BoostJsonAdapter{value}, &results);
  std::string found;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) found += step;
    found += ": " + error.description + "\n";
  }
  return found;
}

TEST(OpenApi, HasEveryPathAndMethodThatIsServedAndNoOther) {
  std::set<std::string> written, served;
  for (const auto& path : document().at("paths").as_object())
    for (const auto& method : path.value().as_object()) {
      if (method.key() == "parameters") continue;
      std::string name{method.key()};
      for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      written.insert(name + " " + std::string{path.key()});
    }
  for (const Route& route : routes()) served.insert(std::string{route.method} + " " + std::string{route.path});
  EXPECT_EQ(written, served);
}

TEST(OpenApi, DescribesWhatTheClientSends) {
  const netcheck::ConnectionParameters session{
      .host = "a.example", .ssl_mode = SslMode::require, .user = "migrator", .database = "orders"};
  ProbeRequest probe{
      .place = "vm", .address = *IpAddress::parse("10.0.0.1"), .questions = {{"a.example", {{5432, session}}}}};
  probe.logins[{"a.example", 5432}] = {"", "secret", true};
  EXPECT_EQ(objections(to_json(probe), "ProbeRequest"), "");
  StartRequest order{.topology = "x", .options = {}, .source = {"u", "p"}, .target = {}};
  order.options.file = "/x.yaml";
  order.options.databases = {"a"};
  order.options.mode = MigrationMode::offline;
  order.options.option = MigrationOption::migrate;
  order.options.index_jobs = 2;
  order.options.split_tables_larger_than = 1;
  order.options.load_settings = false;
  order.options.filter = {{"a"}, {"b"}, {"c.d"}, {"e*"}, {"f"}, {}, true};
  EXPECT_EQ(objections(to_json(order), "StartRequest"), "");
  EXPECT_NE(objections(R"({"topology": 1})", "StartRequest"), "") << "the schema can refuse";
}

/// One that no row of the matrix names.
std::string not_listed_topology() {
  std::ostringstream text;
  text << std::ifstream{PGPASSAGE_SOURCE_DIR "/topology-examples/not-listed-public-to-endpoint.yaml"}.rdbuf();
  return text.str();
}

class OpenApiOfAnAgent : public testing::Test {
 protected:
  std::string answer(const std::string& method, const std::string& target, const std::string& schema,
                     const std::string& body = {}) {
    const auto answer = ask(agent_.url(), certificates_.client(), method, target, body);
    if (!answer) return "error: " + answer.error().message;
    return objections(answer->body, schema);
  }
  Workplace work_;
  Certificates certificates_{work_.path("certificates")};
  AgentProcess agent_{work_.path("home"), certificates_.server()};
};

TEST_F(OpenApiOfAnAgent, DescribesItsAnswers) {
  EXPECT_EQ(answer("GET", "/v1/health", "Health"), "");
  EXPECT_EQ(answer("GET", "/v1/version", "Version"), "");
  EXPECT_EQ(answer("GET", "/v1/migrations", "Migrations"), "");
  const ProbeRequest probe{.place = "here",
                           .address = *IpAddress::parse("127.0.0.1"),
                           .questions = {{"127.0.0.1", {{agent_.port(), {}}}}, {"nothing.invalid", {}}},
                           .time_limit = std::chrono::milliseconds{500}};
  EXPECT_EQ(answer("POST", "/v1/probe", "Answers", to_json(probe)), "");
  EXPECT_EQ(
      answer("POST", "/v1/migrations", "Refusal", json::serialize(json::object{{"topology", not_listed_topology()}})),
      "");
}

}  // namespace
}  // namespace pgpassage::app::agent
