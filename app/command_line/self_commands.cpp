#include "app/command_line/shared_options.hpp"

namespace pgpassage::app {

void add_self(Grammar& grammar) {
  add_command<SchemaOptions>(grammar, "schema", "print the JSON Schema of the topology file",
                             {"pgpassage schema --output topology.schema.json"});
  const auto completion = add_command<CompletionOptions>(
      grammar, "completion", "print the completion script of a shell",
      {"pgpassage completion bash > ~/.local/share/bash-completion/completions/pgpassage"});
  add_choice(completion.app, "SHELL", "bash, zsh or fish", completion.options.shell,
             std::vector<std::pair<std::string, std::string>>{{"bash", "bash"}, {"zsh", "zsh"}, {"fish", "fish"}})
      ->required();
  add_command<VersionOptions>(grammar, "version", "print the version", {"pgpassage version --format json"});
  CLI::App* help = grammar.app.add_subcommand("help", "explain a command");
  add_text(*help, "COMMAND", "COMMAND", "the command; default: all", grammar.help_about);
  help->footer("pgpassage help check");
}

}  // namespace pgpassage::app
