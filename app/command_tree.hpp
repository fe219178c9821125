#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/report/text_style.hpp"

/// The command line described as values, for help, completions and the man page: read from the CLI11 app itself, so
/// that none of them can name an option that does not exist.
namespace pgpassage::app {

struct OptionDescription {
  std::vector<std::string> names;  ///< "--format", "-h"; a positional argument has its one name: "FILE"
  std::string value;               ///< "text|json", "FILE", "PORT"; empty for a flag
  std::string description;
  bool required = false;

  /// The words of a value that is one of a fixed few; empty otherwise.
  std::vector<std::string> choices() const;
  /// The value is a path.
  bool is_path() const;
};

struct CommandDescription {
  std::string name;
  std::string description;                     ///< one line
  std::vector<OptionDescription> positionals;  ///< in their order
  std::vector<OptionDescription> options;      ///< its own
  std::vector<std::string> examples;           ///< whole command lines
};

struct CommandTree {
  std::string description;
  std::vector<CommandDescription> commands;       ///< in the order of help
  std::vector<OptionDescription> common_options;  ///< every command takes them
};

/// The command of that name, or null.
const CommandDescription* find_command(const CommandTree& tree, std::string_view name);

/// The command has its own form of an option that every command takes: --format with more words.
bool redefines(const CommandDescription& command, const OptionDescription& common);

/// "pgpassage check FILE [options]"
std::string usage_of(const CommandDescription& command);

/// What `pgpassage help` and `pgpassage help COMMAND` print.
std::string help_text(const CommandTree& tree, const TextStyle& style);
std::string help_text(const CommandTree& tree, const CommandDescription& command, const TextStyle& style);

}  // namespace pgpassage::app
