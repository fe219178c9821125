#include "app/command_line/shared_options.hpp"

#include <algorithm>

namespace pgpassage::app {
namespace {

constexpr std::string_view about =
    "pgpassage checks whether a PostgreSQL migration into Azure Database for PostgreSQL flexible server can cross a "
    "network, and then makes the crossing.";

OptionDescription describe(const CLI::Option& option) {
  OptionDescription description;
  for (const std::string& name : option.get_lnames()) description.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) description.names.push_back("-" + name);
  if (description.names.empty()) description.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) description.value = option.get_type_name();
  description.description = option.get_description();
  description.required = option.get_required();
  return description;
}

CommandDescription describe(const CLI::App& command) {
  CommandDescription description{command.get_name(), command.get_description(), {}, {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group() == common_group) continue;
    (option->get_positional() ? description.positionals : description.options).push_back(describe(*option));
  }
  if (!command.get_footer().empty()) description.examples = CLI::detail::split(command.get_footer(), '\n');
  return description;
}

}  // namespace

/// Only commands that the arguments name get the common options: to define them for every command would be most of the
/// time that the program needs to start. The description of the command line has them from the root.
std::unique_ptr<Grammar> make_grammar(const std::vector<std::string>& arguments) {
  auto grammar = std::make_unique<Grammar>();
  grammar->app.description(std::string{about});
  grammar->app.name("pgpassage");
  grammar->app.allow_extras();            // inherited; what is left over gets our own message
  grammar->app.require_subcommand(0, 1);  // so that a second word may be called as a command: `help check`
  grammar->app.set_help_flag("--help,-h", "explain the command")->group(common_group);
  add_check(*grammar);
  add_diff(*grammar);
  add_trace(*grammar);
  add_probe(*grammar);
  add_fix(*grammar);
  add_knowledge(*grammar);
  add_migrate(*grammar);
  add_migrations(*grammar);
  add_report(*grammar);
  add_agent(*grammar);
  add_self(*grammar);
  add_common_options(grammar->app, grammar->common);
  for (CLI::App* command : grammar->app.get_subcommands(nullptr))
    if (std::ranges::find(arguments, command->get_name()) != arguments.end())
      add_common_options(*command, grammar->common);
  grammar->app.add_flag("--version", grammar->version, "print the version");
  return grammar;
}

CommandTree describe(const Grammar& grammar) {
  CommandTree tree{std::string{about}, {}, {}};
  for (const CLI::App* command : grammar.app.get_subcommands(nullptr)) tree.commands.push_back(describe(*command));
  for (const CLI::Option* option : grammar.app.get_options())
    if (option->get_group() == common_group) tree.common_options.push_back(describe(*option));
  return tree;
}

}  // namespace pgpassage::app
