#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_tree.hpp"
#include "app/options.hpp"
#include "netcheck/base/error.hpp"

/// What is said of a command line that cannot be meant.
namespace pgpassage::app {

/// What a user who mistyped the command line must get: an answer in JSON when that was asked for.
CommonOptions common_of(const std::vector<std::string>& arguments);

std::string where_to_read(const CommandDescription* command);
Error unknown_command(const CommandTree& tree, const std::string& word);
/// An argument that nothing took: a misspelt option or command, or one argument too many.
Error unexpected(const CommandTree& tree, const CommandDescription* command, const std::string& argument);

/// What CLI11 cannot say: options that exclude each other or need each other. Absent: it can be meant.
std::optional<std::string> contradiction(const CommonOptions& common, const Command& command);

/// "FILE is required" -> "check needs FILE".
std::string in_our_words(const CLI::ParseError& error, const CLI::App* command);

}  // namespace pgpassage::app
