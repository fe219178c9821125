#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/completion/completion.hpp"

namespace pgpassage::app {
namespace {

/// A description inside of a single-quoted specification of _arguments, where [ ] : and ' mean something.
std::string escaped(std::string_view description) {
  std::string safe;
  for (const char character : description) {
    if (character == '\'') {
      safe += "'\\''";
      continue;
    }
    if (std::string_view{"[]:\\"}.find(character) != std::string_view::npos) safe += '\\';
    safe += character;
  }
  return safe;
}

std::string action_of(const OptionDescription& option) {
  if (const auto choices = option.choices(); !choices.empty()) return fmt::format("({})", fmt::join(choices, " "));
  if (option.is_path()) return "_files";
  return option.value == "COMMAND" ? "_pgpassage_commands" : " ";
}

std::string option_specification(const OptionDescription& option) {
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", escaped(option.names.front()), action_of(option));
  std::string text;
  for (const std::string& name : option.names)
    text += fmt::format(" \\\n    '{}{}[{}]{}'", name, value.empty() || !name.starts_with("--") ? "" : "=",
                        escaped(option.description), value);
  return text;
}

/// The common options but those of which the command has its own form.
std::string common_of(const CommandTree& tree, const CommandDescription& command) {
  std::string text = "$common[@]";
  for (const OptionDescription& option : tree.common_options)
    if (redefines(command, option)) text = fmt::format("${{(@)common:#{}=*}}", option.names.front());
  return text;
}

std::string command_case(const CommandTree& tree, const CommandDescription& command) {
  std::string text = fmt::format("    {}) _arguments \"{}\"", command.name, common_of(tree, command));
  for (const OptionDescription& option : command.options) text += option_specification(option);
  for (const OptionDescription& argument : command.positionals)
    text +=
        fmt::format(" \\\n    '{}:{}:{}'", argument.required ? "1" : "1:", argument.names.front(), action_of(argument));
  return text + " ;;\n";
}

}  // namespace

std::string zsh_completion(const CommandTree& tree) {
  std::string script = "#compdef pgpassage\n_pgpassage_commands() {\n  local -a commands\n  commands=(\n";
  for (const CommandDescription& command : tree.commands)
    script += fmt::format("    '{}:{}'\n", command.name, escaped(command.description));
  script += "  )\n  _describe command commands\n}\n_pgpassage() {\n  local -a common line\n  local state\n  common=(";
  for (const OptionDescription& option : tree.common_options) script += option_specification(option);
  script +=
      "\n  )\n  _arguments -C \"$common[@]\" '--version[print the version]' '1:command:_pgpassage_commands' "
      "'*::argument:->argument'\n"
      "  [[ $state == argument ]] || return\n  case $line[1] in\n";
  for (const CommandDescription& command : tree.commands) script += command_case(tree, command);
  return script + "  esac\n}\ncompdef _pgpassage pgpassage\n";
}

}  // namespace pgpassage::app
