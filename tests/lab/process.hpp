#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "netcheck/base/error.hpp"

/// Programs that the lab runs, each in one of its network namespaces.
namespace pgpassage::lab {

using Command = std::vector<std::string>;

/// Who runs a program: the caller, or the account under which PostgreSQL agrees to start.
enum class As { caller, postgres };

struct Child {
  pid_t pid = -1;
  std::string what;  ///< for the error message
  std::string log;   ///< file that holds its output
};

/// Starts a program in a place (empty: the lab's own namespace), its output appended to `log`.
Result<Child> start(const std::string& place, const Command& command, const std::string& log, As as = As::caller);

/// Waits until it has ended; an exit status other than 0 is an error with the last line of its output.
Result<void> finish(const Child& child);

/// Runs a program with `input` on its standard input.
Result<void> run(const std::string& place, const Command& command, const std::string& input, const std::string& log);

/// Runs a function in this process with its network namespace changed to that of the place.
Result<void> in_place(const std::string& place, const std::function<Result<void>()>& body);

std::string namespace_path(const std::string& place);
Result<void> write_file(const std::string& path, const std::string& text, unsigned mode = 0644);
Result<std::string> read_file(const std::string& path);

/// setgid and setuid to the account "postgres" when this process is root; nothing to do otherwise.
Result<void> become_postgres();

}  // namespace pgpassage::lab
