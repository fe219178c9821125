#include "app/report/provenance.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "app/report/json_text.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

std::vector<Fact> facts_of(const Provenance& provenance) {
  std::vector<Fact> facts{{"Tool", fmt::format("pgpassage {}", version)},
                          {"Commit", std::string{built_from()}},
                          {"Build", std::string{build}}};
  if (!provenance.edition.empty()) facts.push_back({"Edition", provenance.edition});
  for (const Input& input : provenance.inputs)
    facts.push_back({"Input", fmt::format("{} {}, SHA-256 {}", input.role, input.file, input.sha256)});
  facts.push_back({"Made at", provenance.time});
  facts.push_back({"Made on", provenance.host});
  facts.push_back({"Made by", provenance.account});
  facts.push_back(
      {"Options", provenance.options.empty() ? "none" : fmt::format("{}", fmt::join(provenance.options, " "))});
  facts.insert(facts.end(), provenance.probes.begin(), provenance.probes.end());
  return facts;
}

}  // namespace

Section provenance_section(const Provenance& provenance) {
  return {.id = "provenance", .title = "Provenance", .facts = facts_of(provenance)};
}

json::object provenance_json(const Provenance& provenance) {
  json::array inputs;
  for (const Input& input : provenance.inputs)
    inputs.push_back(json::object{
        {"role", json_string(input.role)}, {"file", json_string(input.file)}, {"sha256", json_string(input.sha256)}});
  json::array options;
  for (const std::string& option : provenance.options) options.push_back(json_string(option));
  json::array probes;
  for (const Fact& probe : provenance.probes)
    probes.push_back(json::object{{"of", json_string(probe.label)}, {"place", json_string(probe.text)}});
  return {{"tool", json::object{{"name", "pgpassage"},
                                {"version", json_string(version)},
                                {"commit", json_string_or_null(commit)},
                                {"build", json_string(build)}}},
          {"edition", json_string_or_null(provenance.edition)},
          {"inputs", std::move(inputs)},
          {"time", json_string(provenance.time)},
          {"host", json_string(provenance.host)},
          {"account", json_string(provenance.account)},
          {"options", std::move(options)},
          {"probes", std::move(probes)}};
}

std::string provenance_text(const Provenance& provenance, const TextStyle& style) {
  std::string text = fmt::format("\n{}\n", paint(style, Tone::strong, "Provenance"));
  for (const Fact& fact : facts_of(provenance)) text += labelled(style, 13, "  " + fact.label, fact.text);
  return text;
}

}  // namespace pgpassage::app
