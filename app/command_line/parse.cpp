#include "app/cli.hpp"

#include <fmt/format.h>

#include "app/command_line/grammar.hpp"
#include "app/command_line/refusals.hpp"

namespace pgpassage::app {
namespace {

using Outcome = tl::expected<Request, Error>;

Outcome help_about(const CommandTree& tree, const std::string& name, const TextStyle& style) {
  if (name.empty()) return HelpRequest{help_text(tree, style)};
  const CommandDescription* command = find_command(tree, name);
  if (command == nullptr) return tl::unexpected(unknown_command(tree, name));
  return HelpRequest{help_text(tree, *command, style)};
}

Outcome outcome_of(Grammar& grammar, const TextStyle& style) {
  const auto chosen = grammar.app.get_subcommands();
  const std::string name = chosen.empty() ? "" : chosen.front()->get_name();
  if (const auto extra = grammar.app.remaining(true); !extra.empty()) {
    const CommandTree tree = describe(grammar);
    return tl::unexpected(unexpected(tree, find_command(tree, name), extra.front()));
  }
  if (grammar.version) return CommandLine{grammar.common, VersionOptions{}};
  if (name.empty() || name == "help") return help_about(describe(grammar), grammar.help_about, style);
  for (const Definition& definition : grammar.definitions) {
    if (definition.command != chosen.front()) continue;
    const Command command = definition.chosen();
    if (const auto wrong = contradiction(grammar.common, command))
      return tl::unexpected(Error{Errc::input, *wrong, {}, fmt::format("see 'pgpassage help {}'", name)});
    return CommandLine{grammar.common, command};
  }
  return fail(Errc::internal, "command '{}' has no definition", name);
}

Outcome parse(Grammar& grammar, const std::vector<std::string>& arguments, const TextStyle& style) {
  const auto chosen = [&]() -> const CLI::App* {
    const auto commands = grammar.app.get_subcommands();
    return commands.empty() ? nullptr : commands.front();
  };
  try {
    grammar.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes it backwards
  } catch (const CLI::CallForHelp&) {
    return help_about(describe(grammar), chosen() == nullptr ? "" : chosen()->get_name(), style);
  } catch (const CLI::ParseError& error) {
    const CommandTree tree = describe(grammar);
    const CommandDescription* command = chosen() == nullptr ? nullptr : find_command(tree, chosen()->get_name());
    return tl::unexpected(Error{Errc::input, in_our_words(error, chosen()), {}, where_to_read(command)});
  }
  return outcome_of(grammar, style);
}

}  // namespace

tl::expected<Request, UsageError> parse_command_line(const std::vector<std::string>& arguments,
                                                     const TextStyle& style) {
  return parse(*make_grammar(arguments), arguments, style).map_error([&](Error error) {
    return UsageError{common_of(arguments), std::move(error)};
  });
}

CommandTree command_tree() { return describe(*make_grammar({})); }

}  // namespace pgpassage::app
