#include "app/agent/api/answers.hpp"

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/json_words.hpp"
#include "app/report/probe_json.hpp"

namespace pgpassage::app::agent {
namespace {

namespace json = boost::json;
using dns::Lookup;
using netcheck::Observation;
using netcheck::Observed;

constexpr std::initializer_list<Observed> outcomes{
    Observed::connected,   Observed::refused,        Observed::timed_out,
    Observed::unreachable, Observed::name_not_found, Observed::wrong_address,
    Observed::tls_failed,  Observed::not_postgres,   Observed::not_probed};

json::array texts(const std::vector<std::string>& values) {
  json::array array;
  for (const std::string& value : values) array.push_back(json_string(value));
  return array;
}

json::object to_object(const Lookup& lookup) {
  json::array addresses;
  for (const IpAddress& address : lookup.addresses) addresses.push_back(json_string(address.to_string()));
  return {{"status", dns::to_string(lookup.status)},
          {"chain", texts(lookup.chain)},
          {"addresses", addresses},
          {"server", json_string(lookup.server)},
          {"milliseconds", lookup.elapsed.count()},
          {"ttlSeconds", lookup.ttl_seconds},
          {"records", records_json(lookup.records)},
          {"authenticated", lookup.authenticated},
          {"overTcp", lookup.over_tcp},
          {"udpSilent", lookup.udp_silent},
          {"lameServers", lame_json(lookup.lame)},
          {"detail", json_string(lookup.detail)}};
}

json::object to_object(const Observation& probe) {
  const auto text = [](const std::optional<IpAddress>& address) {
    return address ? json::value(json_string(address->to_string())) : json::value(nullptr);
  };
  return {{"address", text(probe.address)},
          {"observed", netcheck::to_string(probe.observed)},
          {"sourceAddress", text(probe.source_address)},
          {"milliseconds", probe.elapsed.count()},
          {"tlsOffered", probe.tls_offered},
          {"steps", steps_json(probe.steps)},
          {"detail", json_string(probe.detail)}};
}

// From here on boost.json throws for what does not have the shape: answers_of() catches it.
std::optional<IpAddress> address_of(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  if (const auto address = IpAddress::parse(text_of(value))) return address;
  throw std::invalid_argument{"not an address"};
}

std::chrono::milliseconds time_of(const json::value& value) {
  return std::chrono::milliseconds{value.to_number<std::int64_t>()};
}

Lookup lookup_of(const std::string& name, const json::object& object) {
  Lookup lookup{.name = name, .status = spelled(object.at("status"), lookup_statuses)};
  lookup.chain = json::value_to<std::vector<std::string>>(object.at("chain"));
  for (const json::value& address : object.at("addresses").as_array())
    lookup.addresses.push_back(address_of(address).value());
  lookup.server = text_of(object.at("server"));
  lookup.elapsed = time_of(object.at("milliseconds"));
  lookup.ttl_seconds = object.at("ttlSeconds").to_number<int>();
  lookup.detail = text_of(object.at("detail"));
  lookup.records = records_of(object.at("records").as_array());
  lookup.authenticated = object.at("authenticated").as_bool();
  lookup.over_tcp = object.at("overTcp").as_bool();
  lookup.udp_silent = object.at("udpSilent").as_bool();
  lookup.lame = lame_of(object.at("lameServers").as_array());
  return lookup;
}

Observation observation_of(const json::object& object, Port port) {
  return {.observed = spelled(object.at("observed"), outcomes),
          .from = {},
          .address = address_of(object.at("address")),
          .port = port,
          .source_address = address_of(object.at("sourceAddress")),
          .elapsed = time_of(object.at("milliseconds")),
          .tls_offered = object.at("tlsOffered").as_bool(),
          .detail = text_of(object.at("detail")),
          .cure = {},
          .steps = steps_of(object.at("steps").as_array())};
}

scenarios::Answered answered_of(const std::string& name, const json::object& object) {
  scenarios::Answered answered;
  if (!object.at("lookup").is_null()) answered.lookup = lookup_of(name, object.at("lookup").as_object());
  for (const json::value& value : object.at("ports").as_array()) {
    const Port port = value.at("port").to_number<Port>();
    for (const json::value& probe : value.at("probes").as_array())
      answered.probes[port].push_back(observation_of(probe.as_object(), port));
  }
  return answered;
}

}  // namespace

std::string to_json(const PlacedAnswers& placed) {
  json::array array;
  for (const auto& [name, answered] : placed.answers) {
    json::array ports;
    for (const auto& [port, probes] : answered.probes) {
      json::array list;
      for (const Observation& probe : probes) list.push_back(to_object(probe));
      ports.push_back(json::object{{"port", port}, {"probes", list}});
    }
    json::object one{{"name", json_string(name)}, {"lookup", nullptr}, {"ports", ports}};
    if (answered.lookup) one["lookup"] = to_object(*answered.lookup);
    array.push_back(one);
  }
  return json::serialize(json::object{
      {"place", json_string(placed.place)}, {"evidence", json_string(placed.evidence)}, {"answers", array}});
}

Result<PlacedAnswers> answers_of(std::string_view body) {
  try {
    const json::value value = json::parse(json::string_view{body.data(), body.size()});
    PlacedAnswers placed{text_of(value.at("place")), text_of(value.at("evidence")), {}};
    for (const json::value& one : value.at("answers").as_array()) {
      const std::string name = text_of(one.at("name"));
      placed.answers.emplace(name, answered_of(name, one.as_object()));
    }
    return placed;
  } catch (const std::exception& error) {
    return fail_with_cure(Errc::io, "use the same version of pgpassage on both ends",
                          "the agent's answer cannot be read: {}", error.what());
  }
}

}  // namespace pgpassage::app::agent
