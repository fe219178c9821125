#pragma once

#include <string>

#include "app/command_tree.hpp"

namespace pgpassage::app {

/// The manual page pgpassage(1) in roff. app/packaging/pgpassage.1 is this text; a test holds them together.
std::string man_page(const CommandTree& tree);

}  // namespace pgpassage::app
