#include "app/command_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/text_style.hpp"

namespace pgpassage::app {
namespace {

/// Where descriptions begin. In a narrow terminal they stand under their label.
int text_column(const TextStyle& style) { return style.width < 60 ? 6 : 26; }

std::string left_of(const OptionDescription& option) {
  std::string left = fmt::format("  {}", fmt::join(option.names, ", "));
  if (!option.value.empty() && option.names.front().starts_with('-')) left += ' ' + option.value;
  return left;
}

/// A label that is too long for its column gets a line of its own.
std::string two_columns(const TextStyle& style, std::string_view left, std::string_view right) {
  const int column = text_column(style);
  if (display_width(left) + 2 <= column) return labelled(style, column, left, right);
  return fmt::format("  {}\n{:{}}{}\n", wrap(style, 4, left), "", column, wrap(style, column, right));
}

std::string section(const TextStyle& style, std::string_view title, const std::vector<OptionDescription>& options) {
  if (options.empty()) return {};
  std::string text = fmt::format("\n{}:\n", title);
  for (const OptionDescription& option : options) text += two_columns(style, left_of(option), option.description);
  return text;
}

std::string examples_of(const CommandDescription& command) {
  if (command.examples.empty()) return {};
  return fmt::format("\nExamples:\n  {}\n", fmt::join(command.examples, "\n  "));
}

std::string exit_codes(const TextStyle& style) {
  return fmt::format("\n{}\n", wrap(style, 0,
                                    "Exit codes: 0 ready or succeeded, 1 a check or migration failed, 2 wrong input, "
                                    "3 inconclusive, 4 canceled, 5 internal error."));
}

/// The common options, without those of which the command has its own form.
std::vector<OptionDescription> common_options_of(const CommandTree& tree, const CommandDescription& command) {
  std::vector<OptionDescription> options;
  for (const OptionDescription& option : tree.common_options)
    if (!redefines(command, option)) options.push_back(option);
  return options;
}

}  // namespace

bool redefines(const CommandDescription& command, const OptionDescription& common) {
  return std::ranges::any_of(
      command.options, [&](const OptionDescription& option) { return option.names.front() == common.names.front(); });
}

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

std::string help_text(const CommandTree& tree, const TextStyle& style) {
  std::string text =
      fmt::format("{}\n\nUsage: pgpassage COMMAND [options]\n\nCommands:\n", wrap(style, 0, tree.description));
  for (const CommandDescription& command : tree.commands)
    text += two_columns(style, "  " + command.name, command.description);
  text += section(style, "Options of every command", tree.common_options);
  text += "\nExamples:\n";
  for (const CommandDescription& command : tree.commands)
    if (!command.examples.empty()) text += fmt::format("  {}\n", command.examples.front());
  text += exit_codes(style);
  return text + "More: pgpassage help COMMAND\n";
}

std::string help_text(const CommandTree& tree, const CommandDescription& command, const TextStyle& style) {
  std::string text =
      fmt::format("{}\n\nUsage: {}\n", wrap(style, 0, command.description), wrap(style, 7, usage_of(command)));
  text += section(style, "Arguments", command.positionals);
  text += section(style, "Options", command.options);
  text += section(style, "Options of every command", common_options_of(tree, command));
  return text + examples_of(command) + exit_codes(style);
}

}  // namespace pgpassage::app
