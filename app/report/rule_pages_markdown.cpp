#include <fmt/format.h>

#include <algorithm>

#include "app/report/markdown_text.hpp"
#include "app/report/rule_pages.hpp"
#include "app/report/rules_report.hpp"

namespace pgpassage::app {
namespace {

std::string section(std::string_view title, const std::string& text) {
  return text.empty() ? text : fmt::format("## {}\n\n{}\n", title, text);
}

std::string remedy_text(const std::string& cause, const Remedy& remedy) {
  std::string text = cause.empty() ? "" : fmt::format("When the cause is `{}`: ", cause);
  text += fmt::format("{}.\n", markdown_text(remedy.text));
  return shows_command(remedy.az_cli) ? text + "\n" + markdown_fence(remedy.az_cli, "sh", "") : text;
}

std::string cures_text(const RulePage& page) {
  std::string text;
  for (const auto& [cause, remedy] : page.cures) text += (text.empty() ? "" : "\n") + remedy_text(cause, remedy);
  return text;
}

/// A link from docs/rules/.
std::string example_text(const scenarios::RuleExample& example) {
  if (example.file.empty()) return example.text.empty() ? "" : markdown_text(example.text) + "\n";
  return fmt::format("In [{0}](../../{0}):\n\n{1}", example.file, markdown_fence(example.text, "yaml", ""));
}

}  // namespace

std::string render_rule_markdown(const RulePage& page) {
  std::string sources;
  for (const std::string& source : page.sources) sources += fmt::format("- {}\n", markdown_text(source));
  std::string weight =
      fmt::format("- Weight: {}\n- Editions: {}\n", markdown_text(page.weight), markdown_text(page.editions));
  if (!page.numbers.empty()) weight += fmt::format("- In the documents: {}\n", page.numbers);
  return fmt::format("# {} {}\n\n", page.id, page.name) +
         section("What it checks", fmt::format("{}.\n\n{}", markdown_text(page.title), weight)) +
         section("Why", markdown_text(page.why) + "\n") + section("Source", sources) +
         section("Cure", cures_text(page)) + section("An example that fails", example_text(page.fails)) +
         section("An example that passes", example_text(page.passes)) +
         fmt::format("`pgpassage rules {}` prints this too. [All rules](README.md)\n", page.id);
}

std::string render_rule_index(std::span<const RulePage> pages) {
  std::string text =
      "# Rules\n\nWhat `check` judges (SCN, NET, DNS, LIV, WAV) and what `migrate` validates (SRV, DB), a page each. "
      "Written from\nthe rules' own data: `PGPASSAGE_UPDATE_EXPECTED=1` makes the tests write these pages anew.\n\n"
      "| Rule | Name | What it checks |\n| --- | --- | --- |\n";
  for (const RulePage& page : pages)
    text += fmt::format("| [{0}]({0}.md) | {1} | {2} |\n", page.id, page.name, markdown_text(page.title));
  return text;
}

}  // namespace pgpassage::app
