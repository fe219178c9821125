#include <fmt/format.h>

#include "app/report/rule_pages.hpp"
#include "app/report/rules_report.hpp"
#include "app/report/text_style.hpp"
#include "app/roff.hpp"
#include "app/version.hpp"

namespace pgpassage::app {
namespace {

std::string entry(std::string_view label, const std::string& text) {
  return text.empty() ? text : fmt::format(".TP\n.B {}\n{}\n", label, roff(text));
}

/// Lines as they are.
std::string kept(std::string_view text) {
  std::string lines = ".nf\n";
  for (const std::string_view line : pieces_of(text, '\n')) lines += roff(line) + "\n";
  return lines + ".fi\n";
}

std::string example_entry(std::string_view label, const scenarios::RuleExample& example) {
  if (example.file.empty()) return entry(label, example.text);
  return fmt::format(".TP\n.B {}\n{}:\n{}", label, roff(example.file), kept(example.text));
}

std::string cure_entry(const std::string& cause, const Remedy& remedy) {
  std::string text = entry(cause.empty() ? "cure" : "cure of " + cause, remedy.text);
  return shows_command(remedy.az_cli) ? text + kept(remedy.az_cli) : text;
}

std::string rule_section(const RulePage& page) {
  std::string text = fmt::format(".SS {} {}\n{}.\n", roff(page.id), roff(page.name), roff(page.title));
  text += entry("why", page.why) + entry("weight", page.weight) + entry("documented", page.numbers) +
          entry("editions", page.editions);
  for (const std::string& source : page.sources) text += entry("source", source);
  for (const auto& [cause, remedy] : page.cures) text += cure_entry(cause, remedy);
  return text + example_entry("fails", page.fails) + example_entry("passes", page.passes);
}

}  // namespace

std::string render_rule_manual(std::span<const RulePage> pages) {
  std::string text = fmt::format(".TH PGPASSAGE\\-RULES 7 \"\" \"pgpassage {}\" \"Rules\"\n", version);
  text += ".SH NAME\npgpassage\\-rules \\- what pgpassage checks, why, by which document, and the cure\n.SH RULES\n";
  for (const RulePage& page : pages) text += rule_section(page);
  return text + ".SH SEE ALSO\n.BR pgpassage (1)\n";
}

}  // namespace pgpassage::app
