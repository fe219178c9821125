#include <fmt/format.h>

#include <algorithm>

#include "app/report/check_text.hpp"
#include "app/report/evidence_text.hpp"
#include "app/report/references.hpp"
#include "app/report/shell_text.hpp"
#include "app/report/stand_in.hpp"

namespace pgpassage::app {
namespace {

constexpr int detail_column = 12;

/// What every section of one result needs.
struct Context {
  DescribedHops hops;
  const Subject& subject;
  const TextStyle& style;
  Depth depth = Depth::brief;
  std::vector<Cite> cites;
  std::vector<StandIn> stand_ins;
};

std::vector<const Finding*> findings_with(const std::vector<Finding>& findings,
                                          std::initializer_list<Status> statuses) {
  std::vector<const Finding*> chosen;
  for (const Status status : statuses)
    for (const Finding& finding : findings)
      if (finding.status == status) chosen.push_back(&finding);
  return chosen;
}

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  if (text.empty()) return {};
  return labelled(style, detail_column, fmt::format("    {}", label), text);
}

std::string head_of(const Finding& finding, const TextStyle& style) {
  const Tone tone = tone_of(finding);
  const std::string mark = fmt::format("{} {:<7}", symbol(style, tone), word_of(finding));
  const std::string what = fmt::format("{} {}  {}", finding.rule->id, finding.rule->name, finding.subject);
  return fmt::format("  {} {}\n", paint(style, tone, mark), wrap(style, detail_column, what));
}

/// A finding and the hosts of which another finding says the same.
struct Told {
  const Finding* finding = nullptr;
  std::vector<std::pair<const Finding*, StandIn>> echoes;
};

std::vector<Told> told_once(const std::vector<const Finding*>& findings, const std::vector<StandIn>& stand_ins) {
  std::vector<Told> told;
  for (const Finding* finding : findings) {
    bool again = false;
    for (Told& first : told)
      if (const StandIn* stand_in = said_again_by(*finding, *first.finding, stand_ins); stand_in && !again) {
        first.echoes.emplace_back(finding, *stand_in);
        again = true;
      }
    if (!again) told.push_back({finding, {}});
  }
  return told;
}

std::string message_text(const Finding& finding, const std::vector<Cite>& cites, const TextStyle& style) {
  const std::string mark = reference_mark(cites, cite_of(finding));
  const std::string text =
      fmt::format("{}{}{}", finding.message, mark.empty() || finding.message.empty() ? "" : " ", mark);
  return text.empty() ? text : fmt::format("    {}\n", wrap(style, 4, text));
}

std::string cure_text(const Remedy& remedy, const TextStyle& style) {
  std::string text = detail(style, "cure", remedy.text);
  if (!remedy.az_cli.empty())
    text += fmt::format("    {:<8}{}\n", "az", shell_lines(style, detail_column, remedy.az_cli));
  return text;
}

std::string also_text(const StandIn& stand_in, const TextStyle& style) {
  return detail(style, "also", fmt::format("the same from {}, standing for {}", stand_in.host, stand_in.role));
}

/// The host that found the same, with a cure of its own where that differs.
std::string echo_text(const Told& told, const TextStyle& style) {
  std::string text;
  for (const auto& [finding, stand_in] : told.echoes) {
    text += also_text(stand_in, style);
    if (about_role(finding->remedy.text, stand_in) != told.finding->remedy.text ||
        about_role(finding->remedy.az_cli, stand_in) != told.finding->remedy.az_cli)
      text += cure_text(finding->remedy, style);
  }
  return text;
}

std::string evidence_text(const Finding& finding, const Context& context) {
  const TextStyle& style = context.style;
  std::string text;
  if (context.depth == Depth::full) {
    for (const std::string& line : finding.evidence) text += detail(style, "seen", line);
    return text;
  }
  const BriefEvidence brief = brief_evidence(finding, context.hops);
  for (const std::string& line : brief.seen) {
    const auto echo = std::ranges::find_if(
        context.stand_ins, [&](const StandIn& stand_in) { return about_role(line, stand_in) == finding.message; });
    text += echo == context.stand_ins.end() ? detail(style, "seen", line) : also_text(*echo, style);
  }
  return text + detail(style, "path", brief.path);
}

std::string in_full(const Told& told, const Context& context) {
  const Finding& finding = *told.finding;
  std::string text = head_of(finding, context.style) + message_text(finding, context.cites, context.style);
  const WaiversUsed& waivers = context.subject.waivers;
  text += detail(context.style, "at", place_text(file_of(finding, context.subject.file, waivers), finding.location));
  text += detail(context.style, "waived", acceptance_text(finding, waivers));
  text += evidence_text(finding, context) + cure_text(finding.remedy, context.style) + echo_text(told, context.style);
  return cite_of(finding) == Cite{} ? text + detail(context.style, "source", cite_text({})) : text;
}

/// Of many findings of one rule that say the same, one line.
std::string in_brief(const std::vector<const Finding*>& alike, const TextStyle& style) {
  const Finding& first = *alike.front();
  const Tone tone = tone_of(first);
  const std::string_view noun = first.rule->name.find("flow") != std::string::npos   ? "flows"
                                : first.rule->name.find("name") != std::string::npos ? "names"
                                                                                     : "subjects";
  const std::string subjects = alike.size() == 1 ? first.subject : fmt::format("{} {}", alike.size(), noun);
  const std::string mark = fmt::format("{} {:<7}", symbol(style, tone), word_of(first));
  const std::string what = fmt::format("{} {}, {}{}{}", first.rule->id, first.rule->name, subjects,
                                       first.message.empty() ? "" : ": ", first.message);
  return fmt::format("  {} {}\n", paint(style, tone, mark), wrap(style, detail_column, what));
}

std::string title(const TextStyle& style, std::string_view words) {
  return "\n" + paint_lines(style, Tone::strong, wrap(style, 0, words)) + "\n";
}

std::string full_section(std::string_view words, const std::vector<const Finding*>& findings, const Context& context) {
  if (findings.empty()) return {};
  std::string text = title(context.style, words);
  const auto stand_ins = context.depth == Depth::full ? std::vector<StandIn>{} : context.stand_ins;
  for (const Told& told : told_once(findings, stand_ins)) text += in_full(told, context);
  return text;
}

std::string brief_section(std::string_view words, const std::vector<const Finding*>& findings, const Context& context) {
  if (context.depth == Depth::full) return full_section(words, findings, context);
  if (findings.empty()) return {};
  std::vector<std::vector<const Finding*>> groups;
  for (const Finding* finding : findings) {
    const auto alike = std::ranges::find_if(groups, [&](const auto& group) {
      return group.front()->rule == finding->rule && group.front()->message == finding->message;
    });
    if (alike == groups.end())
      groups.push_back({finding});
    else
      alike->push_back(finding);
  }
  std::string text = title(context.style, words);
  for (const auto& group : groups) text += in_brief(group, context.style);
  return text;
}

}  // namespace

std::string findings_text(const scenarios::Assessment& assessment, const Subject& subject, const TextStyle& style,
                          Depth depth) {
  const Context context{described_hops(assessment), subject, style, depth, cited_by(assessment, depth),
                        stand_ins_of(assessment)};
  auto wrong = findings_with(assessment.findings, {Status::failed, Status::warning, Status::waived});
  std::ranges::stable_sort(wrong, {}, [](const Finding* finding) { return rank(*finding); });
  std::string text = full_section("Findings", wrong, context);
  text += full_section("Could not be decided", findings_with(assessment.findings, {Status::unknown}), context);
  text += brief_section("Not checked", findings_with(assessment.findings, {Status::skipped}), context);
  if (depth == Depth::full)
    text += full_section("Passed", findings_with(assessment.findings, {Status::passed}), context);
  return text;
}

}  // namespace pgpassage::app
