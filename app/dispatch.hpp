#pragma once

#include "app/options.hpp"

namespace pgpassage::app {

/// Runs the command that the command line chose and answers its exit code.
int dispatch(const CommandLine& line);

/// The file that a command works on, for the report of a bug; empty when it has none.
std::string file_of(const Command& command);

}  // namespace pgpassage::app
