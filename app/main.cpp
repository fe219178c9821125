#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "app/cli.hpp"
#include "app/dispatch.hpp"
#include "app/failure.hpp"
#include "app/interruption.hpp"
#include "app/logging.hpp"
#include "app/output.hpp"

namespace pgpassage::app {
namespace {

/// One line on standard error: the message and what was probably meant.
int tell_usage(const UsageError& usage) {
  const Error& error = usage.error;
  if (usage.common.format == Format::json || error.code == Errc::internal) return tell(usage.common, error);
  const std::string line = error.cure.empty() ? error.message : error.message + "; " + error.cure;
  return tell(usage.common, Error{error.code, line, {}, {}});
}

/// Live probes have as many sockets open as they may, and some systems begin with 1024 files. Nothing here uses
/// select().
void raise_limit_of_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const CommandLine& line) {
  try {
    raise_limit_of_files();
    set_up_logging(line.common);
    end_when_interrupted(line.common);
    if (const auto writable = require_output(line.common); !writable) return tell(line.common, writable.error());
    return dispatch(line);
  } catch (const std::exception& exception) {
    return tell_bug(line.common, exception.what(), file_of(line.command));
  }
}

int run(const HelpRequest& help) { return finish({}, help.text, ExitCode::success); }

}  // namespace
}  // namespace pgpassage::app

int main(int count, char** arguments) {
  using namespace pgpassage::app;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is an error of write(), not the end of a migration
  try {
    const auto request = parse_command_line({arguments + 1, arguments + count}, result_style({}));
    if (!request) return tell_usage(request.error());
    return std::visit([](const auto& wanted) { return run(wanted); }, *request);
  } catch (const std::exception& exception) {
    return tell_bug({}, exception.what(), {});
  }
}
