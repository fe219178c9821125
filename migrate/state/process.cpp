#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

#include "migrate/state/record.hpp"

namespace pgpassage::migrate {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

/// 0 when there is no such process.
std::uint64_t start_ticks_of(int pid) {
  const std::string stat = first_line("/proc/" + std::to_string(pid) + "/stat");
  // The second field is the program's name in parentheses and may hold anything, parentheses too.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields{stat.substr(name_end + 1)};
  std::string field;
  fields >> field;
  if (field == "Z") return 0;  // dead, only not waited for yet
  for (int number = 4; number <= 22; ++number) fields >> field;
  return fields ? std::stoull(field) : 0;
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string account_name() {
  char buffer[4096];
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found) return found->pw_name;
  return std::to_string(geteuid());
}

}  // namespace

ProcessIdentity ProcessIdentity::self() {
  return {.host = host_name(),
          .pid = getpid(),
          .start_ticks = start_ticks_of(getpid()),
          .boot_id = first_line("/proc/sys/kernel/random/boot_id"),
          .account = account_name()};
}

bool ProcessIdentity::alive() const {
  if (host != host_name()) return true;
  if (boot_id != first_line("/proc/sys/kernel/random/boot_id")) return false;
  if (start_ticks == 0) return kill(pid, 0) == 0 || errno != ESRCH;
  return start_ticks_of(pid) == start_ticks;
}

}  // namespace pgpassage::migrate
