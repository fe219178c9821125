#include "app/command_line/refusals.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/not_yet.hpp"
#include "app/suggest.hpp"

namespace pgpassage::app {
namespace {

std::vector<std::string> command_names(const CommandTree& tree) {
  std::vector<std::string> names;
  for (const CommandDescription& command : tree.commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> option_names(const CommandTree& tree, const CommandDescription* command) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<OptionDescription>& options) {
    for (const OptionDescription& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  };
  add(tree.common_options);
  if (command != nullptr) add(command->options);
  return names;
}

std::string did_you_mean(const std::string& likely, const CommandDescription* command) {
  return likely.empty() ? where_to_read(command) : fmt::format("did you mean '{}'?", likely);
}

}  // namespace

CommonOptions common_of(const std::vector<std::string>& arguments) {
  CommonOptions common;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == "--format=json" || (i > 0 && arguments[i - 1] == "--format" && arguments[i] == "json"))
      common.format = Format::json;
  return common;
}

std::string where_to_read(const CommandDescription* command) {
  return command == nullptr ? "see 'pgpassage help'" : fmt::format("see 'pgpassage help {}'", command->name);
}

Error unknown_command(const CommandTree& tree, const std::string& word) {
  if (const auto later = not_in_this_version(ContractWord::command, word))
    return {Errc::input, *later, {}, where_to_read(nullptr)};
  return {Errc::input,
          fmt::format("unknown command '{}'", word),
          {},
          did_you_mean(likely_meant(word, command_names(tree)), nullptr)};
}

Error unexpected(const CommandTree& tree, const CommandDescription* command, const std::string& argument) {
  const std::string of = command == nullptr ? "" : " of " + command->name;
  if (!argument.starts_with('-')) {
    if (command == nullptr) return unknown_command(tree, argument);
    return {Errc::input,
            fmt::format("unexpected argument '{}' after {}", argument, command->name),
            {},
            where_to_read(command)};
  }
  const std::string name = argument.substr(0, argument.find('='));
  if (const auto later = not_in_this_version(ContractWord::option, name))
    return {Errc::input, *later, {}, where_to_read(command)};
  const std::vector<std::string> known = option_names(tree, command);
  if (std::ranges::find(known, name) != known.end())
    return {
        Errc::input, fmt::format("option '{}'{} must stand after the command", name, of), {}, where_to_read(command)};
  return {Errc::input,
          fmt::format("unknown option '{}'{}", name, of),
          {},
          did_you_mean(likely_meant(name, known), command)};
}

std::string in_our_words(const CLI::ParseError& error, const CLI::App* command) {
  const std::string what = error.what();
  const std::string ending = " is required";
  if (error.get_name() != "RequiredError" || command == nullptr || !what.ends_with(ending)) return what;
  return fmt::format("{} needs {}", command->get_name(), what.substr(0, what.size() - ending.size()));
}

}  // namespace pgpassage::app
