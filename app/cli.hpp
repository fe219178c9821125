#pragma once

#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "app/command_tree.hpp"
#include "app/options.hpp"
#include "app/report/text_style.hpp"
#include "netcheck/base/error.hpp"

/// The command line. Pure: reads nothing but its arguments. Only the folder command_line knows CLI11.
namespace pgpassage::app {

/// Somebody asked for help: print `text` and succeed.
struct HelpRequest {
  std::string text;
};

/// A wrong command line. `error.cure` is the likely spelling or where to read on.
struct UsageError {
  CommonOptions common;  ///< as far as it could be read: whether to answer in JSON
  Error error;
};

using Request = std::variant<CommandLine, HelpRequest>;

/// Reads the arguments after the program's name. Options may stand before or after the command. Help is laid out in
/// `style`.
tl::expected<Request, UsageError> parse_command_line(const std::vector<std::string>& arguments,
                                                     const TextStyle& style = {});

/// Every command and option that parse_command_line() knows.
CommandTree command_tree();

}  // namespace pgpassage::app
