#pragma once

#include <string>
#include <string_view>

#include "app/command_tree.hpp"

namespace pgpassage::app {

/// The completion script of `shell` (bash, zsh or fish; empty for another). It holds every command, option and fixed
/// value, and asks pgpassage nothing when it runs.
std::string completion_script(const CommandTree& tree, std::string_view shell);

std::string bash_completion(const CommandTree& tree);
std::string zsh_completion(const CommandTree& tree);
std::string fish_completion(const CommandTree& tree);

}  // namespace pgpassage::app
