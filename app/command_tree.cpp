#include "app/command_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace {

constexpr int text_column = 26;  // where descriptions begin

std::string left_of(const OptionDescription& option) {
  std::string left = fmt::format("  {}", fmt::join(option.names, ", "));
  if (!option.value.empty() && option.names.front().starts_with('-')) left += ' ' + option.value;
  return left;
}

/// A label that is too long for its column gets a line of its own.
std::string two_columns(std::string_view left, std::string_view right) {
  const std::string margin(text_column, ' ');
  if (display_width(left) + 2 <= text_column) return labelled({}, text_column, left, right);
  return fmt::format("{}\n{}{}\n", left, margin, wrap({}, text_column, right));
}

std::string section(std::string_view title, const std::vector<OptionDescription>& options) {
  if (options.empty()) return {};
  std::string text = fmt::format("\n{}:\n", title);
  for (const OptionDescription& option : options) text += two_columns(left_of(option), option.description);
  return text;
}

std::string examples_of(const CommandDescription& command) {
  if (command.examples.empty()) return {};
  return fmt::format("\nExamples:\n  {}\n", fmt::join(command.examples, "\n  "));
}

constexpr std::string_view exit_codes =
    "\nExit codes: 0 ready or succeeded, 1 a check or migration failed, 2 wrong input,\n"
    "3 inconclusive, 4 canceled, 5 internal error.\n";

}  // namespace

std::vector<std::string> OptionDescription::choices() const {
  std::vector<std::string> words;
  std::string_view rest = value;
  if (rest.find('|') == rest.npos) return words;
  while (true) {
    const std::size_t bar = rest.find('|');
    words.emplace_back(rest.substr(0, bar));
    if (bar == rest.npos) return words;
    rest.remove_prefix(bar + 1);
  }
}

bool OptionDescription::is_path() const { return value.find("FILE") != value.npos || value.find("PATH") != value.npos; }

const CommandDescription* find_command(const CommandTree& tree, std::string_view name) {
  const auto found = std::ranges::find(tree.commands, name, &CommandDescription::name);
  return found == tree.commands.end() ? nullptr : &*found;
}

std::string usage_of(const CommandDescription& command) {
  std::string usage = "pgpassage " + command.name;
  for (const OptionDescription& positional : command.positionals)
    usage += positional.required ? " " + positional.names.front() : " [" + positional.names.front() + "]";
  for (const OptionDescription& option : command.options)
    if (option.required) usage += fmt::format(" {} {}", option.names.front(), option.value);
  return usage + " [options]";
}

std::string help_text(const CommandTree& tree) {
  std::string text =
      fmt::format("{}\n\nUsage: pgpassage COMMAND [options]\n\nCommands:\n", wrap({}, 0, tree.description));
  for (const CommandDescription& command : tree.commands) text += two_columns("  " + command.name, command.description);
  text += section("Options of every command", tree.common_options);
  text += "\nExamples:\n";
  for (const CommandDescription& command : tree.commands)
    if (!command.examples.empty()) text += fmt::format("  {}\n", command.examples.front());
  text += exit_codes;
  return text + "More: pgpassage help COMMAND\n";
}

std::string help_text(const CommandTree& tree, const CommandDescription& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", wrap({}, 0, command.description), wrap({}, 7, usage_of(command)));
  text += section("Arguments", command.positionals);
  text += section("Options", command.options);
  text += section("Options of every command", tree.common_options);
  return text + examples_of(command) + std::string{exit_codes};
}

}  // namespace pgpassage::app
