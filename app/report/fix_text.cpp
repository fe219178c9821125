#include <fmt/format.h>

#include <algorithm>

#include "app/report/fix_report.hpp"
#include "app/report/shell_text.hpp"

namespace pgpassage::app {
namespace {

using scenarios::fix::Fix;
using scenarios::fix::Outcome;

constexpr int detail_column = 12;

Tone tone_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::nothing_to_do:
    case Outcome::fixed: return Tone::good;
    case Outcome::inconclusive: return Tone::unsure;
    case Outcome::not_fixable:
    case Outcome::unsupported: return Tone::bad;
  }
  return Tone::bad;
}

std::string_view word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::nothing_to_do: return "READY";
    case Outcome::fixed: return "FIXABLE";
    case Outcome::inconclusive: return "INCONCLUSIVE";
    case Outcome::not_fixable: return "NOT FIXABLE";
    case Outcome::unsupported: return "UNSUPPORTED";
  }
  return "NOT FIXABLE";
}

std::string counted(std::size_t count, std::string_view noun) {
  return count == 1 ? fmt::format("1 {}", noun) : fmt::format("{} {}s", count, noun);
}

std::string sentence_of(const Fix& fix, const Subject& subject) {
  const bool one = fix.changes.size() == 1;
  switch (fix.outcome) {
    case Outcome::nothing_to_do:
      return fmt::format("{} can cross this network on paper; there is nothing to change.", subject.migration);
    case Outcome::fixed:
      return fmt::format("{} {} {} able to cross. {} made in a copy of the file and checked there{}.",
                         counted(fix.changes.size(), "change"), one ? "makes" : "make", subject.migration,
                         one ? "It was" : "They were", one ? "" : "; none can be left out");
    case Outcome::inconclusive:
      return fix.changes.empty()
                 ? fmt::format("nothing fails, but the file lacks facts that {} needs. Nothing was changed.",
                               subject.migration)
                 : fmt::format("{} cure what fails; the file then still lacks facts that {} needs.",
                               counted(fix.changes.size(), "change"), subject.migration);
    case Outcome::not_fixable:
      return fmt::format("no change of the network that is known here lets {} cross{}.", subject.migration,
                         fix.changes.empty() ? "" : "; these cure what can be cured");
    case Outcome::unsupported:
      return fmt::format(
          "the documents of edition {} do not support this scenario; no change of the network makes it "
          "one that they do.",
          fix.before.assessment.edition);
  }
  return {};
}

std::string title(const TextStyle& style, std::string_view words) {
  return fmt::format("\n{}\n", paint(style, Tone::strong, words));
}

std::string detail(const TextStyle& style, std::string_view label, std::string_view text) {
  return text.empty() ? std::string{} : labelled(style, detail_column, fmt::format("    {}", label), text);
}

std::string changes_text(const Fix& fix, const TextStyle& style) {
  if (fix.changes.empty()) return {};
  std::string text = title(style, "Changes");
  int number = 0;
  for (const scenarios::fix::MadeChange& made : fix.changes) {
    text += fmt::format("  {} {}\n", ++number, wrap(style, 4, made.change.text));
    text += detail(style, "cures", fmt::format("{}  {}", made.rule, made.because));
    for (const auto* commands : {&made.change.az_cli, &made.change.other_cli})
      for (const std::string& command : *commands)
        text += fmt::format("    {:<8}{}\n", command.substr(0, command.find(' ')),
                            shell_lines(style, detail_column, command));
    if (made.change.az_cli.empty() && made.change.other_cli.empty())
      text += detail(style, "az", "none: this is not Azure's to change");
  }
  return text;
}

/// The flows of one start, port and certainty as one line.
struct OpenedLine {
  const scenarios::fix::OpenedFlow* first = nullptr;
  std::string to;
};

std::vector<OpenedLine> lines_of(const scenarios::fix::Opened& opened) {
  std::vector<OpenedLine> lines;
  for (const scenarios::fix::OpenedFlow& flow : opened.flows) {
    const auto same = [&](const OpenedLine& line) {
      return line.first->from == flow.from && line.first->port == flow.port && line.first->protocol == flow.protocol &&
             line.first->allowed == flow.allowed;
    };
    const auto line = std::ranges::find_if(lines, same);
    if (line == lines.end())
      lines.push_back({&flow, flow.to});
    else
      line->to += ", " + flow.to;
  }
  return lines;
}

std::string opened_text(const Fix& fix, const TextStyle& style) {
  if (fix.changes.empty()) return {};
  std::string text = title(style, "Newly allowed, beside the required flows");
  bool unsure = false;
  for (const OpenedLine& line : lines_of(fix.opened)) {
    const std::string way = fmt::format("{} {}: {} {} {}", line.first->protocol == Protocol::udp ? "UDP" : "TCP",
                                        line.first->port, line.first->from, style.unicode ? "→" : "->", line.to);
    const Tone tone = line.first->allowed ? Tone::caution : Tone::unsure;
    text += fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)), wrap(style, 4, way));
    unsure |= !line.first->allowed;
  }
  if (fix.opened.flows.empty()) text += "  nothing\n";
  const std::string asked = fmt::format(
      "Every pair of subnets, sites, servers, hosts, endpoints and the Internet was asked{}.{}",
      fix.opened.complete ? "" : "; there are more flows than these",
      unsure
          ? fmt::format(" {} was stopped and may pass now, by what the file does not say.", symbol(style, Tone::unsure))
          : "");
  return text + fmt::format("  {}\n", wrap(style, 2, asked));
}

std::string left_text(const Fix& fix, const TextStyle& style) {
  if (fix.left.empty()) return {};
  std::string text = title(style, fix.outcome == Outcome::inconclusive ? "Facts that are missing" : "Left");
  for (const Finding& finding : fix.left) {
    const Tone tone = finding.status == Status::failed ? Tone::bad : Tone::unsure;
    text +=
        fmt::format("  {} {}\n", paint(style, tone, symbol(style, tone)),
                    wrap(style, 4, fmt::format("{} {}  {}", finding.rule->id, finding.rule->name, finding.subject)));
    text += fmt::format("    {}\n", wrap(style, 4, finding.message));
    text += detail(style, "could", finding.remedy.text);
  }
  return text;
}

std::string patch_text(const FixPatch& patch, const Subject& subject, const TextStyle& style) {
  if (!patch.text)
    return title(style, "Patch") +
           fmt::format("  {}\n", wrap(style, 2,
                                      fmt::format("none: {}. --format json has the changes as a JSON Patch",
                                                  patch.text.error().message)));
  if (patch.text->empty()) return {};
  const std::string how = patch.json
                              ? "JSON Patch (RFC 6902)"
                              : fmt::format("Patch: pgpassage fix {} --patch | patch -p0", printable(subject.file));
  return title(style, how) + *patch.text;
}

}  // namespace

std::string render_fix_text(const Fix& fix, const FixPatch& patch, const Subject& subject, const TextStyle& style) {
  const Tone tone = tone_of(fix.outcome);
  const std::string answer = fmt::format("{} {}", symbol(style, tone), word_of(fix.outcome));
  std::string text = fmt::format("{}  {}\n\n", paint(style, tone, answer),
                                 wrap(style, display_width(answer) + 2, sentence_of(fix, subject)));
  text += labelled(style, 13, "  File", subject.file);
  text += labelled(style, 13, "  Edition", fix.before.assessment.edition);
  return text + changes_text(fix, style) + opened_text(fix, style) + left_text(fix, style) +
         patch_text(patch, subject, style);
}

}  // namespace pgpassage::app
