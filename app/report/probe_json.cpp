#include "app/report/probe_json.hpp"

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/json_words.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using netcheck::StepKind;
using netcheck::StepOutcome;

constexpr std::initializer_list<StepKind> kinds{StepKind::name,        StepKind::route,      StepKind::tcp,
                                                StepKind::ssl_request, StepKind::tls,        StepKind::startup,
                                                StepKind::login,       StepKind::throughput, StepKind::path_mtu};
constexpr std::initializer_list<StepOutcome> outcomes{StepOutcome::passed, StepOutcome::poor, StepOutcome::failed};

}  // namespace

json::array steps_json(const netcheck::ProbeSteps& steps) {
  json::array array;
  for (const netcheck::ProbeStep& step : steps)
    array.push_back(json::object{{"step", to_string(step.kind)},
                                 {"outcome", to_string(step.outcome)},
                                 {"microseconds", step.elapsed.count()},
                                 {"evidence", json_string(step.evidence)},
                                 {"cause", json_string_or_null(step.cause)}});
  return array;
}

json::object diagnosis_json(const scenarios::Diagnosis& diagnosis) {
  return {{"layer", json_string(diagnosis.layer)},
          {"cause", json_string(diagnosis.cause)},
          {"reason", json_string(diagnosis.reason)},
          {"nextCommand", json_string_or_null(diagnosis.command)}};
}

json::array records_json(const std::vector<dns::DnsRecord>& records) {
  json::array array;
  for (const dns::DnsRecord& record : records)
    array.push_back(json::object{{"name", json_string(record.owner)},
                                 {"type", json_string(record.type)},
                                 {"value", json_string(record.value)},
                                 {"ttlSeconds", record.ttl_seconds}});
  return array;
}

json::array lame_json(const std::vector<dns::LameServer>& servers) {
  json::array array;
  for (const dns::LameServer& lame : servers)
    array.push_back(json::object{{"server", json_string(lame.server)},
                                 {"status", to_string(lame.status)},
                                 {"detail", json_string(lame.detail)}});
  return array;
}

netcheck::ProbeSteps steps_of(const json::array& steps) {
  netcheck::ProbeSteps result;
  for (const json::value& step : steps)
    result.push_back({.kind = spelled(step.at("step"), kinds),
                      .outcome = spelled(step.at("outcome"), outcomes),
                      .elapsed = std::chrono::microseconds{step.at("microseconds").to_number<std::int64_t>()},
                      .evidence = text_of(step.at("evidence")),
                      .cause = text_or_nothing(step.at("cause"))});
  return result;
}

std::vector<dns::DnsRecord> records_of(const json::array& records) {
  std::vector<dns::DnsRecord> result;
  for (const json::value& record : records)
    result.push_back({text_of(record.at("name")), text_of(record.at("type")), text_of(record.at("value")),
                      record.at("ttlSeconds").to_number<int>()});
  return result;
}

std::vector<dns::LameServer> lame_of(const json::array& servers) {
  std::vector<dns::LameServer> result;
  for (const json::value& server : servers)
    result.push_back(
        {text_of(server.at("server")), spelled(server.at("status"), lookup_statuses), text_of(server.at("detail"))});
  return result;
}

}  // namespace pgpassage::app
