#include "app/report/readiness_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/check_json.hpp"
#include "app/report/references.hpp"
#include "app/report/topology_section.hpp"
#include "app/report/wording.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Hop;
using netcheck::Leg;
using scenarios::Assessment;

void add_fact(std::vector<Fact>& facts, std::string label, std::string text, bool command = false) {
  if (!text.empty()) facts.push_back({std::move(label), std::move(text), command});
}

std::string scenario_text(const scenarios::Scenario& scenario) {
  if (scenario.id.empty()) return "none: no row of the matrix names this combination";
  return fmt::format("{} {}, {}{}", scenario.id, scenario.title, scenario.supported ? "supported" : "not supported",
                     path_words(scenario));
}

std::vector<Fact> facts_of(const Assessment& assessment, const Subject& subject) {
  std::vector<Fact> facts;
  add_fact(facts, "Migration", fmt::format("{}: {}", subject.migration, way_of(subject, true)));
  add_fact(facts, "Scenario", scenario_text(assessment.scenario));
  for (const std::string& row : assessment.scenario.nearest) add_fact(facts, "Nearest", row);
  if (!assessment.scenario.id.empty()) add_fact(facts, "Scenario source", cite_text(assessment.scenario.cite));
  add_fact(facts, "Edition",
           assessment.edition + (assessment.edition_overridden ? " (by --edition, not the file's own)" : ""));
  add_fact(facts, "File", subject.file);
  add_fact(facts, "SHA-256", subject.sha256);
  add_fact(facts, "Waivers", subject.waivers.file);
  for (const scenarios::StandingPlace& place : assessment.places)
    add_fact(facts, "Here", fmt::format("{}{}{}", place.name, place.evidence.empty() ? "" : ": ", place.evidence));
  if (!subject.live) add_fact(facts, "Network", "not asked: everything here is judged on paper");
  for (const std::string& note : subject.notes) add_fact(facts, "Note", note);
  return facts;
}

std::vector<Cell> count_cells(const scenarios::Summary& summary) {
  std::vector<Cell> counts;
  for (const auto& [number, tone, word] : counts_of(summary))
    counts.push_back({fmt::format("{} {}", number, word), number == 0 ? Tone::quiet : tone});
  return counts;
}

std::vector<Cell> hop_row(std::size_t number, const Hop& hop) {
  const std::string line = hop.location.known() ? std::to_string(hop.location.line) : "";
  return {{std::to_string(number)},
          {to_string(hop.leg)},
          {hop.at},
          {to_string(hop.kind)},
          {to_string(hop.decision), tone_of(hop.decision)},
          {hop.by},
          {line},
          {hop.detail}};
}

Entry flow_entry(const scenarios::FlowAssessment& flow, const Subject& subject) {
  Entry entry{.tone = tone_of_flow(flow, subject.live),
              .word = to_string(flow.trace.predicted),
              .title = fmt::format("{}: {} to {}, port {}", flow.id, flow.from, flow.to, flow.port)};
  if (!flow.stands_for.empty()) add_fact(entry.facts, "Standing for", flow.stands_for);
  add_fact(entry.facts, "On paper", to_string(flow.trace.predicted));
  add_fact(entry.facts, "Live", observation_text(flow.observation, Depth::full));
  add_fact(entry.facts, "To have it probed", flow.observation.cure);
  Table hops{fmt::format("Hops of {}", flow.id), {"Hop", "Leg", "At", "Kind", "Decision", "By", "Line", "Detail"}, {}};
  for (const Hop& hop : flow.trace.hops) hops.rows.push_back(hop_row(hops.rows.size() + 1, hop));
  if (!hops.rows.empty()) entry.tables.push_back(std::move(hops));
  return entry;
}

std::string chain_text(const std::vector<std::string>& chain) {
  std::string text;
  for (const std::string& name : chain) text += (text.empty() ? "" : " → ") + name;
  return text;
}

std::string_view resolution_word(Tone tone) {
  switch (tone) {
    case Tone::good: return "resolves";
    case Tone::bad: return "wrong";
    default: return "undecided";
  }
}

Entry name_entry(const scenarios::NameAssessment& name, const Subject& subject) {
  const Tone tone = tone_of_name(name, subject.live);
  Entry entry{.tone = tone,
              .word = std::string{resolution_word(tone)},
              .title = fmt::format("{} from {}", name.name, name.from)};
  if (!name.stands_for.empty()) add_fact(entry.facts, "Standing for", name.stands_for);
  add_fact(entry.facts, "On paper", answer_text(name.predicted, Depth::full));
  if (name.predicted.chain.size() > 1) add_fact(entry.facts, "Names on the way", chain_text(name.predicted.chain));
  add_fact(entry.facts, "File position", place_text(subject.file, name.predicted.location));
  add_fact(entry.facts, "Live", lookup_text(name.observed, true));
  if (name.observed && name.observed->chain.size() > 1)
    add_fact(entry.facts, "Names on the way, live", chain_text(name.observed->chain));
  return entry;
}

Entry finding_entry(const Finding& finding, const std::vector<Cite>& cites, const Subject& subject) {
  Entry entry{.tone = tone_of(finding),
              .word = std::string{word_of(finding)},
              .title = fmt::format("{} {}, {}", finding.rule->id, finding.rule->name, finding.subject),
              .text = finding.message};
  const auto cite = std::ranges::find(cites, cite_of(finding));
  if (cite != cites.end()) entry.reference = static_cast<std::size_t>(cite - cites.begin()) + 1;
  const std::string& file = file_of(finding, subject.file, subject.waivers);
  add_fact(entry.facts, "Waived", acceptance_text(finding, subject.waivers));
  add_fact(entry.facts, "File position", place_text(file, finding.location));
  for (const std::string& line : finding.evidence) add_fact(entry.facts, "Evidence", line);
  add_fact(entry.facts, "Remedy", finding.remedy.text);
  add_fact(entry.facts, "Azure CLI", finding.remedy.az_cli, true);
  if (cite == cites.end()) add_fact(entry.facts, "Source", cite_text({}));
  return entry;
}

Section findings_section(std::string id, std::string title, const Assessment& assessment, const Subject& subject,
                         const std::vector<Cite>& cites, const std::vector<Status>& statuses) {
  std::vector<const Finding*> chosen;
  for (const Finding& finding : assessment.findings)
    if (std::ranges::find(statuses, finding.status) != statuses.end()) chosen.push_back(&finding);
  std::ranges::stable_sort(chosen, {}, [](const Finding* finding) { return rank(*finding); });
  Section section{.id = std::move(id), .title = std::move(title)};
  section.of_findings = true;
  for (const Finding* finding : chosen) section.entries.push_back(finding_entry(*finding, cites, subject));
  return section;
}

/// A section is there only with something in it.
void add_section(Document& document, Section section) {
  if (!section.entries.empty() || !section.sources.empty()) document.sections.push_back(std::move(section));
}

Document document_of(const Assessment& assessment, const Subject& subject, const Topology& topology) {
  Document document{.title = fmt::format("Readiness report: {}", subject.topology),
                    .tone = tone_of(assessment.verdict),
                    .verdict = std::string{word_of(assessment.verdict)},
                    .sentence = sentence_of(assessment, subject),
                    .counts = count_cells(assessment.summary),
                    .facts = facts_of(assessment, subject)};
  const std::vector<Cite> cites = cited_by(assessment, Depth::full);
  const auto add_findings = [&](std::string id, std::string title, const std::vector<Status>& statuses) {
    add_section(document, findings_section(std::move(id), std::move(title), assessment, subject, cites, statuses));
  };
  add_findings("findings", "Findings", {Status::failed, Status::warning, Status::waived});
  add_findings("undecided", "Could not be decided", {Status::unknown});
  document.sections.push_back(topology_section(topology, assessment));
  Section flows{.id = "flows", .title = "Required flows"};
  for (const scenarios::FlowAssessment& flow : assessment.flows) flows.entries.push_back(flow_entry(flow, subject));
  add_section(document, std::move(flows));
  Section names{.id = "names", .title = "Names"};
  for (const scenarios::NameAssessment& name : assessment.names) names.entries.push_back(name_entry(name, subject));
  add_section(document, std::move(names));
  add_findings("not-checked", "Not checked, and why", {Status::skipped});
  add_findings("passed", "Passed", {Status::passed});
  Section sources{.id = "sources", .title = "Sources"};
  for (const Cite& cite : cites) sources.sources.push_back(cite_text(cite));
  add_section(document, std::move(sources));
  return document;
}

}  // namespace

std::vector<Fact> probes_of(const Assessment& assessment) {
  std::vector<Fact> probes;
  for (const scenarios::FlowAssessment& flow : assessment.flows)
    if (flow.observation.observed != netcheck::Observed::not_probed)
      probes.push_back({"Probe of " + flow.id, flow.observation.from});
  for (const scenarios::NameAssessment& name : assessment.names)
    if (name.observed) probes.push_back({"Lookup of " + name.name, name.from});
  return probes;
}

Report readiness_report(const Assessment& assessment, const Subject& subject, const Topology& topology,
                        const Provenance& provenance) {
  Report report{
      document_of(assessment, subject, topology), subject.topology, subject.file,   subject.sha256, assessment.findings,
      assessment_json(assessment, subject),       provenance.time,  provenance.host};
  report.waivers = subject.waivers;
  report.document.sections.push_back(provenance_section(provenance));
  report.json["provenance"] = provenance_json(provenance);
  return report;
}

}  // namespace pgpassage::app
