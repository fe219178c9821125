#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command_tree.hpp"
#include "app/options.hpp"

/// The commands and options as CLI11 knows them: what each group of commands is defined with. Nothing outside this
/// folder sees CLI11. Values that cannot be read are thrown as CLI::ParseError, which parse.cpp turns into an Error.
namespace pgpassage::app {

inline constexpr const char* common_group = "Common";

struct Definition {
  CLI::App* command;
  std::function<Command()> chosen;  ///< its options as the command line gave them
};

/// The CLI11 app with the values that it fills. Commands are defined in the order of help.
struct Grammar {
  CLI::App app;
  CommonOptions common;
  std::string help_about;  ///< the command that help explains
  bool version = false;
  std::vector<Definition> definitions;
};

/// Every command, and the common options on the commands that `arguments` name. Options point into it: it never moves.
std::unique_ptr<Grammar> make_grammar(const std::vector<std::string>& arguments);
/// What it knows, for help, man page and completion.
CommandTree describe(const Grammar& grammar);

// One function a group of commands.
void add_check(Grammar& grammar);
void add_diff(Grammar& grammar);
void add_trace(Grammar& grammar);
void add_probe(Grammar& grammar);
void add_fix(Grammar& grammar);
void add_knowledge(Grammar& grammar);
void add_migrate(Grammar& grammar);
void add_migrations(Grammar& grammar);
void add_report(Grammar& grammar);
void add_agent(Grammar& grammar);
void add_self(Grammar& grammar);

template <class Options>
struct Adding {
  CLI::App& app;
  Options& options;
};

template <class Options>
Adding<Options> add_command(Grammar& grammar, const std::string& name, const std::string& description,
                            const std::vector<std::string>& examples) {
  auto options = std::make_shared<Options>();
  CLI::App* command = grammar.app.add_subcommand(name, description);
  command->footer(fmt::format("{}", fmt::join(examples, "\n")));
  grammar.definitions.push_back({command, [options] { return Command{*options}; }});
  return {*command, *options};
}

}  // namespace pgpassage::app
