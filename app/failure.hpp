#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "netcheck/base/error.hpp"
#include "netcheck/topology/reader.hpp"

/// How a command says that it could not do its work (contract 3 and 5): one line each on standard error, and with
/// --format json `{"errors": [...]}` on standard output.
namespace pgpassage::app {

/// Everything that is wrong with an input file.
struct InputErrors {
  std::string file;                     ///< as the user wrote it
  std::vector<Diagnostic> diagnostics;  ///< never empty; an unknown location speaks about the file itself
};

/// Tells and answers the exit code: 2.
int tell(const CommonOptions& common, const InputErrors& errors);

/// Tells and answers the exit code of the error. For a bug of ours it says where to report it and with which file.
int tell(const CommonOptions& common, const Error& error);

/// An exception that reached main(): exit code 5. `file` is what the command worked on; may be empty.
int tell_bug(const CommonOptions& common, std::string_view what, std::string_view file);

}  // namespace pgpassage::app
