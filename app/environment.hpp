#pragma once

#include <string>

/// The environment, which app alone reads for itself: what the rooms below need of it comes in as arguments.
namespace pgpassage::app {

/// The variable's value; empty also when it is not set, which nobody here tells apart.
std::string environment_variable(const char* name);

}  // namespace pgpassage::app
