#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "app/completion/completion.hpp"

namespace pgpassage::app {
namespace {

std::string names_of(const std::vector<OptionDescription>& options) {
  std::vector<std::string> names;
  for (const OptionDescription& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

std::string commands_of(const CommandTree& tree, std::string_view separator) {
  std::vector<std::string> names;
  for (const CommandDescription& command : tree.commands) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, separator));
}

/// The words that complete a value: a fixed few, files, or none.
std::string reply_of(const OptionDescription& option) {
  if (const auto choices = option.choices(); !choices.empty())
    return fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$current\"))", fmt::join(choices, " "));
  if (option.is_path()) return "compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$current\"))";
  return ":";
}

/// One case per option that takes a value; the same option of several commands once, after the commands that have their
/// own form of a common one.
std::string value_cases(const CommandTree& tree) {
  std::string cases;
  std::set<std::string> seen;
  const auto add = [&](const std::vector<OptionDescription>& options) {
    for (const OptionDescription& option : options) {
      if (option.value.empty() || !seen.insert(option.names.front()).second) continue;
      cases += fmt::format("    *:{}) {}; return ;;\n", fmt::join(option.names, "|*:"), reply_of(option));
    }
  };
  for (const CommandDescription& command : tree.commands)
    for (const OptionDescription& common : tree.common_options)
      for (const OptionDescription& option : command.options)
        if (option.names.front() == common.names.front())
          cases += fmt::format("    {}:{}) {}; return ;;\n", command.name, option.names.front(), reply_of(option));
  add(tree.common_options);
  for (const CommandDescription& command : tree.commands) add(command.options);
  return cases;
}

std::string values_pattern(const CommandTree& tree) {
  std::set<std::string> names;
  for (const OptionDescription& option : tree.common_options)
    if (!option.value.empty()) names.insert(option.names.front());
  return fmt::format("{}", fmt::join(names, "|"));
}

std::string command_case(const CommandTree& tree, const CommandDescription& command) {
  std::string text = fmt::format("    {})\n      options+=' {}'\n", command.name, names_of(command.options));
  if (command.positionals.empty()) return text + "      ;;\n";
  const OptionDescription& argument = command.positionals.front();
  if (argument.value == "COMMAND") return text + fmt::format("      words='{}'\n      ;;\n", commands_of(tree, " "));
  if (const auto choices = argument.choices(); !choices.empty())
    text += fmt::format("      words='{}'\n", fmt::join(choices, " "));
  if (argument.is_path()) text += "      files=yes\n";
  return text + "      ;;\n";
}

constexpr std::string_view head = R"(# bash completion for pgpassage
_pgpassage() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= words= files= index
  # bash splits --option=value at the equals sign
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
)";

constexpr std::string_view tail = R"(  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _pgpassage pgpassage
)";

}  // namespace

std::string bash_completion(const CommandTree& tree) {
  std::string script{head};
  script += "  for ((index = 1; index < COMP_CWORD; ++index)); do\n    case ${COMP_WORDS[index]} in\n";
  script += fmt::format("      {}) ((++index)) ;;\n", values_pattern(tree));
  script += fmt::format("      {}) command=${{COMP_WORDS[index]}}; break ;;\n", commands_of(tree, "|"));
  script += fmt::format("    esac\n  done\n  case $command:$previous in\n{}  esac\n", value_cases(tree));
  script += fmt::format("  local options='{}'\n  case $command in\n", names_of(tree.common_options));
  script += fmt::format("    '')\n      words='{}'\n      options+=' --version'\n      ;;\n", commands_of(tree, " "));
  for (const CommandDescription& command : tree.commands) script += command_case(tree, command);
  return script + std::string{tail};
}

std::string completion_script(const CommandTree& tree, std::string_view shell) {
  if (shell == "bash") return bash_completion(tree);
  if (shell == "zsh") return zsh_completion(tree);
  if (shell == "fish") return fish_completion(tree);
  return {};
}

}  // namespace pgpassage::app
