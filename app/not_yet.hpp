#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Words that a reader of the documents may type although this version does not know them yet.
namespace pgpassage::app {

enum class ContractWord { command, option };

/// One sentence that says so; absent for any other word. Whoever adds the command or option takes its word out
/// of the table: a test refuses a word that the command line knows.
std::optional<std::string> not_in_this_version(ContractWord kind, std::string_view word);

}  // namespace pgpassage::app
