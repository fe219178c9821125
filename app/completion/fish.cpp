#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/completion/completion.hpp"

namespace pgpassage::app {
namespace {

std::string quoted(std::string_view text) {
  std::string safe = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') safe += '\\';
    safe += character;
  }
  return safe + "'";
}

std::string value_of(const OptionDescription& option) {
  if (option.value.empty()) return "";
  if (const auto choices = option.choices(); !choices.empty())
    return " -x -a " + quoted(fmt::format("{}", fmt::join(choices, " ")));
  return option.is_path() ? " -r -F" : " -x";
}

std::string option_line(const std::string& condition, const OptionDescription& option) {
  std::string line = "complete -c pgpassage" + condition;
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return fmt::format("{}{} -d {}\n", line, value_of(option), quoted(option.description));
}

std::string argument_line(const CommandTree& tree, const std::string& condition, const OptionDescription& argument) {
  std::vector<std::string> words = argument.choices();
  if (argument.value == "COMMAND")
    for (const CommandDescription& command : tree.commands) words.push_back(command.name);
  if (!words.empty())
    return fmt::format("complete -c pgpassage{} -a {}\n", condition, quoted(fmt::format("{}", fmt::join(words, " "))));
  return argument.is_path() ? fmt::format("complete -c pgpassage{} -F\n", condition) : "";
}

}  // namespace

std::string fish_completion(const CommandTree& tree) {
  std::string script = "# fish completion for pgpassage\ncomplete -c pgpassage -f\n";
  for (const CommandDescription& command : tree.commands)
    script += fmt::format("complete -c pgpassage -n __fish_use_subcommand -a {} -d {}\n", command.name,
                          quoted(command.description));
  script += "complete -c pgpassage -n __fish_use_subcommand -l version -d 'print the version'\n";
  for (const OptionDescription& option : tree.common_options) script += option_line("", option);
  for (const CommandDescription& command : tree.commands) {
    const std::string condition = fmt::format(" -n '__fish_seen_subcommand_from {}'", command.name);
    for (const OptionDescription& option : command.options) script += option_line(condition, option);
    for (const OptionDescription& argument : command.positionals) script += argument_line(tree, condition, argument);
  }
  return script;
}

}  // namespace pgpassage::app
