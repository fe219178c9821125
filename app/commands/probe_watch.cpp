#include "app/commands/probe_watch.hpp"

#include <cstdio>
#include <optional>
#include <thread>

#include "app/exit_code.hpp"
#include "app/output.hpp"
#include "app/report/probe_changes.hpp"

namespace pgpassage::app {

int watch_probes(const CommonOptions& common, std::chrono::milliseconds interval,
                 const std::function<scenarios::Assessment()>& probe) {
  const TextStyle style = result_style(common);
  std::optional<scenarios::Assessment> before;
  for (;;) {
    const auto next = std::chrono::steady_clock::now() + interval;
    scenarios::Assessment now = probe();
    const auto time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    for (const ProbeChange& change : changes_between(before ? &*before : nullptr, now)) {
      const std::string line =
          common.format == Format::json ? change_json(change, time) : change_text(change, time, style);
      std::fputs(line.c_str(), stdout);
    }
    if (std::fflush(stdout) != 0) return static_cast<int>(ExitCode::success);
    before = std::move(now);
    std::this_thread::sleep_until(next);
  }
}

}  // namespace pgpassage::app
