#include "netcheck/topology/schema.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <sstream>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reader.hpp"
#include "netcheck/topology/spelling.hpp"

namespace pgpassage {
namespace {

namespace json = boost::json;

/// The tree as a JSON value, numbers and booleans as YAML's core schema has them.
json::value value_of(const document::Node& node) {
  using document::Kind;
  if (node.kind == Kind::null) return nullptr;
  if (node.kind == Kind::quoted) return json::string(node.text());
  if (node.kind == Kind::plain) {
    if (node.text() == "true" || node.text() == "false") return node.text() == "true";
    if (node.text().find_first_not_of("0123456789") != std::string_view::npos) return json::string(node.text());
    return std::stoll(std::string{node.text()});
  }
  json::array array;
  json::object object;
  for (const document::Node* child = node.begin(); child != node.end(); child = child->after()) {
    if (node.kind == Kind::sequence) {
      array.push_back(value_of(*child));
    } else {
      const std::string_view key = child->text();
      object[key] = value_of(*(child = child->after()));
    }
  }
  if (node.kind == Kind::sequence) return array;
  return object;
}

json::value contoso() {
  std::ifstream file{PGPASSAGE_SOURCE_DIR "/tests/netcheck/topology/contoso.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  return value_of(document::read_yaml(whole)->root());
}

class SchemaTest : public testing::Test {
 protected:
  SchemaTest() {
    const json::value parsed = json::parse(topology_json_schema());
    valijson::adapters::BoostJsonAdapter adapter{parsed};
    valijson::SchemaParser{}.populateSchema(adapter, schema_);
  }
  bool schema_accepts(const json::value& topology) {
    valijson::Validator validator;
    valijson::adapters::BoostJsonAdapter adapter{topology};
    return validator.validate(schema_, adapter, nullptr);
  }
  static bool reader_accepts(const json::value& topology) {
    return read_topology(json::serialize(topology), TopologyFormat::json).has_value();
  }

  valijson::Schema schema_;
};

TEST_F(SchemaTest, IsDraft2020AndClosed) {
  const json::value schema = json::parse(topology_json_schema());
  EXPECT_EQ(schema.at("$schema").as_string(), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema.at("additionalProperties").as_bool(), false);
  for (const auto& definition : schema.at("$defs").as_object())
    EXPECT_EQ(definition.value().at("additionalProperties").as_bool(), false) << definition.key();
}

TEST_F(SchemaTest, WhatTheReaderAcceptsIsValid) {
  ASSERT_TRUE(reader_accepts(contoso()));
  EXPECT_TRUE(schema_accepts(contoso()));
}

/// Visits every object of a document; `change` may alter it and says whether it did.
void each_object(json::value& value, const std::function<void(json::object&)>& visit) {
  if (value.is_array())
    for (json::value& element : value.as_array()) each_object(element, visit);
  if (!value.is_object()) return;
  for (auto& entry : value.as_object())
    if (entry.key() != "serviceTags") each_object(entry.value(), visit);
  visit(value.as_object());
}

TEST_F(SchemaTest, BothRefuseAnUnknownKeyInEveryObject) {
  json::value topology = contoso();
  each_object(topology, [&](json::object& object) {
    object["unheardOf"] = 1;
    EXPECT_FALSE(schema_accepts(topology)) << json::serialize(object);
    EXPECT_FALSE(reader_accepts(topology)) << json::serialize(object);
    object.erase("unheardOf");
  });
}

TEST_F(SchemaTest, BothRefuseAMissingKeyTheSame) {
  json::value topology = contoso();
  each_object(topology, [&](json::object& object) {
    const json::object whole = object;
    for (const auto& entry : whole) {
      if (entry.key() == "name") continue;  // what refers to it would be wrong too
      object.erase(entry.key());
      const bool refused = !schema_accepts(topology) && reader_accepts(topology);
      EXPECT_FALSE(refused) << entry.key();
      object = whole;
    }
  });
}

TEST_F(SchemaTest, BothRefuseAWrongTypeOfEveryKey) {
  json::value topology = contoso();
  each_object(topology, [&](json::object& object) {
    for (auto& entry : object) {
      const json::value right = entry.value();
      entry.value() = json::object{{"wrong", 1}};
      EXPECT_FALSE(schema_accepts(topology)) << entry.key();
      EXPECT_FALSE(reader_accepts(topology)) << entry.key();
      entry.value() = right;
    }
  });
}

template <class Enum>
void expect_spellings(const std::string& schema) {
  for (const auto& spelling : spellings<Enum>())
    EXPECT_NE(schema.find(fmt::format("\"{}\"", spelling.text)), std::string::npos) << spelling.text;
}

TEST_F(SchemaTest, KnowsEverySpelling) {
  const std::string schema = topology_json_schema();
  expect_spellings<ServerKind>(schema);
  expect_spellings<ServerAccess>(schema);
  expect_spellings<SslMode>(schema);
  expect_spellings<PrivateEndpointNetworkPolicies>(schema);
  expect_spellings<NextHopType>(schema);
  expect_spellings<Protocol>(schema);
  expect_spellings<MigrationOption>(schema);
}

}  // namespace
}  // namespace pgpassage
