#pragma once

#include <string_view>

#include "app/exit_code.hpp"
#include "app/options.hpp"
#include "app/report/text_style.hpp"
#include "netcheck/base/error.hpp"

/// Results on their way out: to standard output, or to the file of --output. Reads the environment and the terminal.
namespace pgpassage::app {

/// Writes a finished result (which ends with a line end) where the user wants it. A file appears whole or not at all:
/// a temporary file beside it is renamed, with the permissions of the file that it replaces. Devices and pipes are
/// written in place. A reader of standard output that went away (`check | head`) is not an error.
Result<void> write_result(const CommonOptions& common, std::string_view text);

/// Whether --output can be written, asked before the work whose result goes there. Errc::input when not. What is there
/// stays as it is; a disk that fills up meanwhile is still found by write_result.
Result<void> require_output(const CommonOptions& common);

/// Writes the result; answers `code` as an exit code, or tells what went wrong with writing: wrong input, since the
/// place is the user's and the command, which changed nothing, can be run again.
int finish(const CommonOptions& common, std::string_view text, ExitCode code);

/// The same for a command that has changed something: `code` stands, and `done` says what was done all the same.
int finish_done(const CommonOptions& common, std::string_view text, ExitCode code, std::string done);

/// What the place of the result can show: --color, NO_COLOR, TERM, whether the locale is UTF-8, and the width of a
/// terminal between 40 and 80 columns (80 elsewhere). Never coloured in a file or a pipe unless `--color always`.
TextStyle result_style(const CommonOptions& common);

/// How wide a table may be: the terminal's columns, at least 80; without end in a file or a pipe, where a line is a
/// record.
int result_columns(const CommonOptions& common);

/// The same for standard error.
TextStyle error_style(const CommonOptions& common);

}  // namespace pgpassage::app
