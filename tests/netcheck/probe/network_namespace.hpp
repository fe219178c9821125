#pragma once

#include <sched.h>

#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace pgpassage::testing {

/// Runs `set_up` (a shell command) and then `body` on a thread in a network namespace of its own, which has nothing
/// but a loopback device: no packet can leave it. Returns why that is not possible here, if so.
inline std::optional<std::string> in_network_namespace(const std::string& set_up, const std::function<void()>& body) {
  std::optional<std::string> reason;
  std::thread{[&] {
    if (::unshare(CLONE_NEWNET) != 0)
      reason = "a network namespace needs root";
    else if (std::system(("{ ip link set lo up && " + set_up + "; } >/dev/null 2>&1").c_str()) != 0)
      reason = "the kernel or its tools cannot do: " + set_up;
    else
      body();
  }}.join();
  return reason;
}

}  // namespace pgpassage::testing
