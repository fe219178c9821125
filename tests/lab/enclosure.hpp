#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "netcheck/base/error.hpp"

/// The lab's own world: network, mount and process namespaces (and a user namespace when the caller is not root)
/// without any way out. Its first process holds it; when that one dies, everything in it is gone.
namespace pgpassage::lab {

/// Runs `body` as first process of a new enclosure, with `directory` bound at /run/lab and an empty /run.
/// With `dies_with_caller` it does not outlive this process. Returns its process id as this process sees it.
Result<pid_t> enclose(const std::string& directory, bool dies_with_caller, const std::function<int()>& body);

/// The first process of the lab in that directory, as `remember` wrote it; refuses when it runs no longer.
Result<pid_t> keeper_of(const std::string& directory);
Result<void> remember(const std::string& directory, pid_t keeper);

/// Joins the enclosure of a running lab and runs `body` in a new process there; returns that process's exit status.
/// Called inside the lab (from a command that the lab runs) it only forks.
Result<int> enter(const std::string& directory, const std::function<int()>& body);

/// Ends the lab and waits until its last process is gone.
Result<void> end(pid_t keeper);

/// 128 + signal for a process that a signal ended, as a shell says.
int exit_code(int wait_status);

}  // namespace pgpassage::lab
