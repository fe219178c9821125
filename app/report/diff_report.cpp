#include "app/report/diff_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <map>

#include "app/report/json_text.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace json = boost::json;
namespace {

using netcheck::ChangedFlows;
using netcheck::Decider;
using netcheck::FlowChange;

constexpr std::size_t names_shown = 4;

std::map<FlowChange, std::uint64_t> counts_of(const netcheck::ReachDiff& diff) {
  std::map<FlowChange, std::uint64_t> counts;
  for (const FlowChange change : {FlowChange::opens, FlowChange::closes, FlowChange::becomes_unknown,
                                  FlowChange::becomes_allowed, FlowChange::becomes_denied})
    counts[change] = 0;
  for (const ChangedFlows& flows : diff.changes) counts[flows.change] += flows.from.size() * flows.to.size();
  return counts;
}

Tone tone_of(FlowChange change) {
  switch (change) {
    case FlowChange::opens:
    case FlowChange::becomes_allowed: return Tone::good;
    case FlowChange::closes:
    case FlowChange::becomes_denied: return Tone::bad;
    case FlowChange::becomes_unknown: return Tone::unsure;
  }
  return Tone::unsure;
}

std::string_view words_of(FlowChange change) {
  switch (change) {
    case FlowChange::opens: return "OPENS";
    case FlowChange::closes: return "CLOSES";
    case FlowChange::becomes_unknown: return "NOW UNKNOWN";
    case FlowChange::becomes_allowed: return "NOW KNOWN TO PASS";
    case FlowChange::becomes_denied: return "NOW KNOWN TO BE DENIED";
  }
  return "NOW UNKNOWN";
}

std::string names_text(const std::vector<std::string>& names) {
  std::vector<std::string> shown(names.begin(),
                                 names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), names_shown)));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > names_shown) text += fmt::format(" and {} more", names.size() - names_shown);
  return text;
}

std::string decider_text(const Decider& decider, const std::string& file) {
  if (!decider.predicted) return "no such node";
  std::string text = fmt::format("{} by {}", to_string(*decider.predicted), decider.hop.by);
  if (!decider.hop.at.empty()) text += " at " + decider.hop.at;
  if (decider.hop.location.known()) text += fmt::format(" ({}:{})", file, decider.hop.location.line);
  return text;
}

std::string with_address(const std::string& node, const std::string& address) {
  return address.empty() || node.ends_with(" " + address) ? node : fmt::format("{} ({})", node, address);
}

std::string change_text(const ChangedFlows& flows, const DiffReport& report, const TextStyle& style) {
  const Tone tone = tone_of(flows.change);
  const auto& witness = flows.witness;
  const auto count = flows.from.size() * flows.to.size();
  return fmt::format("\n{}  {} flow{}\n",
                     paint(style, tone, fmt::format("{} {}", symbol(style, tone), words_of(flows.change))), count,
                     count == 1 ? "" : "s") +
         labelled(style, 10, "  from", names_text(flows.from)) + labelled(style, 10, "  to", names_text(flows.to)) +
         labelled(style, 10, "  such as",
                  fmt::format("{} -> {}", with_address(witness.from, witness.from_address),
                              with_address(witness.to, witness.to_address))) +
         labelled(style, 10, "  before", decider_text(witness.before, report.before.path)) +
         labelled(style, 10, "  after", decider_text(witness.after, report.after.path));
}

json::array names_json(const std::vector<std::string>& names) {
  json::array array;
  for (const std::string& name : names) array.push_back(json_string(name));
  return array;
}

json::object file_json(const TopologyFile& file) {
  return {{"file", json_string(file.path)},
          {"sha256", json_string(file.sha256)},
          {"name", json_string(file.topology.name)}};
}

json::value decider_json(const Decider& decider) {
  if (!decider.predicted) return nullptr;
  const netcheck::Hop& hop = decider.hop;
  return json::object{{"predicted", to_string(*decider.predicted)},
                      {"at", json_string_or_null(hop.at)},
                      {"kind", to_string(hop.kind)},
                      {"decision", to_string(hop.decision)},
                      {"by", json_string_or_null(hop.by)},
                      {"line", line_json(hop.location)},
                      {"cause", json_string_or_null(hop.cause)}};
}

json::object change_json(const ChangedFlows& flows) {
  const auto& witness = flows.witness;
  return {{"change", to_string(flows.change)},
          {"from", names_json(flows.from)},
          {"to", names_json(flows.to)},
          {"witness", json::object{{"from", json_string(witness.from)},
                                   {"to", json_string(witness.to)},
                                   {"fromAddress", json_string_or_null(witness.from_address)},
                                   {"toAddress", json_string_or_null(witness.to_address)},
                                   {"before", decider_json(witness.before)},
                                   {"after", decider_json(witness.after)}}}};
}

}  // namespace

std::string render_diff_text(const DiffReport& report, const TextStyle& style) {
  const netcheck::ReachDiff& diff = report.diff;
  auto counts = counts_of(diff);
  const Tone none = report.leaves_open() ? Tone::unsure : Tone::good;
  std::string text =
      diff.changes.empty()
          ? fmt::format("{} no flow on TCP port {} {}\n", paint(style, none, symbol(style, none)), report.port,
                        report.leaves_open() ? "is known to open or close" : "opens or closes")
          : fmt::format("{} flows open and {} close on TCP port {}; {} become unknown, {} become known\n",
                        counts[FlowChange::opens], counts[FlowChange::closes], report.port,
                        counts[FlowChange::becomes_unknown],
                        counts[FlowChange::becomes_allowed] + counts[FlowChange::becomes_denied]);
  if (!diff.added.empty()) text += labelled(style, 10, "  added", names_text(diff.added));
  if (!diff.removed.empty()) text += labelled(style, 10, "  removed", names_text(diff.removed));
  if (diff.unknown_in_both > 0)
    text += fmt::format("  {} flow{} unknown in both files{}\n", diff.unknown_in_both,
                        diff.unknown_in_both == 1 ? " is" : "s are",
                        report.leaves_open() ? ": check --all-pairs of either names them" : "");
  for (const ChangedFlows& flows : diff.changes) text += change_text(flows, report, style);
  return text;
}

std::string render_diff_json(const DiffReport& report) {
  json::object summary;
  for (const auto& [change, count] : counts_of(report.diff)) summary[to_string(change)] = count;
  summary["unknownInBoth"] = report.diff.unknown_in_both;
  json::array changes;
  for (const ChangedFlows& flows : report.diff.changes) changes.push_back(change_json(flows));
  return json_text(json::object{{"schemaVersion", 1},
                                {"tool", json::object{{"name", "pgpassage"}, {"version", json_string(version)}}},
                                {"old", file_json(report.before)},
                                {"new", file_json(report.after)},
                                {"protocol", "tcp"},
                                {"port", report.port},
                                {"summary", std::move(summary)},
                                {"changes", std::move(changes)},
                                {"addedNodes", names_json(report.diff.added)},
                                {"removedNodes", names_json(report.diff.removed)}});
}

}  // namespace pgpassage::app
