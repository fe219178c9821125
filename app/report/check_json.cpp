#include "app/report/check_json.hpp"

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/report/probe_json.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

template <class List, class ToJson>
json::array list_json(const List& list, ToJson to_json) {
  json::array array;
  array.reserve(list.size());
  for (const auto& element : list) array.push_back(to_json(element));
  return array;
}

json::array strings_json(const std::vector<std::string>& strings) { return list_json(strings, json_string); }

json::array addresses_json(const std::vector<IpAddress>& addresses) {
  return list_json(addresses, [](const IpAddress& address) { return json_string(address.to_string()); });
}

json::object hop_json(const netcheck::Hop& hop) {
  return {{"leg", to_string(hop.leg)},
          {"at", json_string(hop.at)},
          {"kind", to_string(hop.kind)},
          {"decision", to_string(hop.decision)},
          {"by", json_string(hop.by)},
          {"line", line_json(hop.location)},
          {"cause", json_string_or_null(hop.cause)},
          {"detail", json_string(hop.detail)}};
}

json::object answer_json(const dns::Answer& answer) {
  return {{"chain", strings_json(answer.chain)},
          {"addresses", addresses_json(answer.addresses)},
          {"by", json_string(answer.by)},
          {"kind", to_string(answer.kind)},
          {"cause", json_string_or_null(answer.cause)},
          {"detail", json_string(answer.detail)},
          {"line", line_json(answer.location)}};
}

json::value lookup_json(const std::optional<dns::Lookup>& lookup) {
  if (!lookup) return nullptr;
  return json::object{{"chain", strings_json(lookup->chain)},
                      {"addresses", addresses_json(lookup->addresses)},
                      {"server", json_string_or_null(lookup->server)},
                      {"milliseconds", lookup->elapsed.count()},
                      {"status", to_string(lookup->status)},
                      {"detail", json_string(lookup->detail)},
                      {"ttlSeconds", lookup->ttl_seconds},
                      {"records", records_json(lookup->records)},
                      {"authenticated", lookup->authenticated},
                      {"overTcp", lookup->over_tcp},
                      {"lameServers", lame_json(lookup->lame)}};
}

json::value observation_json(const netcheck::Observation& observation) {
  json::object object{{"from", json_string_or_null(observation.from)}, {"address", nullptr}};
  if (observation.address) object["address"] = json_string(observation.address->to_string());
  object["milliseconds"] = observation.elapsed.count();
  object["tlsOffered"] = observation.tls_offered;
  object["detail"] = json_string(observation.detail);
  return object;
}

json::object topology_json(const Subject& subject) {
  return {{"file", json_string(subject.file)},
          {"sha256", json_string(subject.sha256)},
          {"name", json_string(subject.topology)}};
}

json::value scenario_json(const scenarios::Scenario& scenario) {
  return json::object{{"id", json_string_or_null(scenario.id)},
                      {"title", json_string(scenario.title)},
                      {"supported", scenario.supported},
                      {"path", scenario.path ? json::value(to_string(*scenario.path)) : nullptr},
                      {"cite", cite_json(scenario.cite)},
                      {"nearest", strings_json(scenario.nearest)}};
}

json::object summary_json(const scenarios::Summary& summary) {
  return {{"passed", summary.passed},   {"failed", summary.failed},   {"warning", summary.warning},
          {"unknown", summary.unknown}, {"skipped", summary.skipped}, {"waived", summary.waived}};
}

json::object place_json(const scenarios::StandingPlace& place) {
  return {{"name", json_string(place.name)}, {"evidence", json_string(place.evidence)}};
}

}  // namespace

json::object heading_json(const Subject& subject) {
  return {{"schemaVersion", 1},
          {"tool", json::object{{"name", "pgpassage"}, {"version", json_string(version)}}},
          {"topology", topology_json(subject)}};
}

json::value cite_json(const Cite& cite) {
  if (cite == Cite{}) return nullptr;
  return json::object{{"document", json_string(cite.document)},
                      {"section", json_string(cite.section)},
                      {"edition", json_string(cite.edition)}};
}

json::object flow_json(const scenarios::FlowAssessment& flow) {
  json::object object{{"id", json_string(flow.id)}, {"from", json_string(flow.from)}, {"to", json_string(flow.to)}};
  if (!flow.stands_for.empty()) object["standsFor"] = json_string(flow.stands_for);
  object["protocol"] = "tcp";
  object["port"] = flow.port;
  object["predicted"] = to_string(flow.trace.predicted);
  object["observed"] = to_string(flow.observation.observed);
  object["observation"] = observation_json(flow.observation);
  if (!flow.observation.steps.empty()) object["steps"] = steps_json(flow.observation.steps);
  if (flow.diagnosis) object["diagnosis"] = diagnosis_json(*flow.diagnosis);
  object["hops"] = list_json(flow.trace.hops, hop_json);
  return object;
}

json::object name_json(const scenarios::NameAssessment& name) {
  json::object object{{"name", json_string(name.name)}, {"from", json_string(name.from)}};
  if (!name.stands_for.empty()) object["standsFor"] = json_string(name.stands_for);
  object["predicted"] = answer_json(name.predicted);
  object["observed"] = lookup_json(name.observed);
  return object;
}

json::object finding_json(const Finding& finding, const std::string& file, const WaiversUsed& waivers) {
  json::object object{{"rule", json_string(finding.rule->name)},
                      {"id", json_string(finding.rule->id)},
                      {"status", to_string(finding.status)},
                      {"severity", to_string(finding.rule->severity)},
                      {"subject", json_string(finding.subject)},
                      {"message", json_string(finding.message)},
                      {"evidence", strings_json(finding.evidence)},
                      {"remedy", json::object{{"text", json_string(finding.remedy.text)},
                                              {"azCli", json_string_or_null(finding.remedy.az_cli)}}},
                      {"location", location_json(file_of(finding, file, waivers), finding.location)},
                      {"cite", cite_json(finding.cite == Cite{} ? finding.rule->cite : finding.cite)}};
  if (const auto* acceptance = acceptance_of(finding, waivers))
    object["waiver"] = acceptance_json(*acceptance, waivers);
  return object;
}

json::object assessment_json(const scenarios::Assessment& assessment, const Subject& subject) {
  json::object object = heading_json(subject);
  if (!subject.waivers.file.empty())
    object["waivers"] =
        json::object{{"file", json_string(subject.waivers.file)}, {"sha256", json_string(subject.waivers.sha256)}};
  if (!subject.notes.empty()) object["notes"] = strings_json(subject.notes);
  object["edition"] = json_string(assessment.edition);
  object["editionOverridden"] = assessment.edition_overridden;
  object["verdict"] = to_string(assessment.verdict);
  object["scenario"] = scenario_json(assessment.scenario);
  object["places"] = list_json(assessment.places, place_json);
  object["flows"] = list_json(assessment.flows, flow_json);
  object["checks"] = list_json(assessment.findings, [&](const Finding& finding) {
    return finding_json(finding, subject.file, subject.waivers);
  });
  object["names"] = list_json(assessment.names, name_json);
  object["summary"] = summary_json(assessment.summary);
  return object;
}

std::string render_json(const scenarios::Assessment& assessment, const Subject& subject) {
  return json_text(assessment_json(assessment, subject));
}

std::string render_probe_json(const scenarios::Assessment& assessment, const Subject& subject) {
  json::object object = heading_json(subject);
  object["places"] = list_json(assessment.places, place_json);
  object["flows"] = list_json(assessment.flows, flow_json);
  object["names"] = list_json(assessment.names, name_json);
  return json_text(object);
}

}  // namespace pgpassage::app
