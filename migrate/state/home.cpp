#include <cstdlib>

#include "migrate/state/ledger.hpp"

namespace pgpassage::migrate {

Result<std::filesystem::path> home_directory() {
  const auto set = [](const char* name) -> const char* {
    const char* value = std::getenv(name);
    return value && *value ? value : nullptr;
  };
  if (const char* home = set("PGPASSAGE_HOME")) return std::filesystem::path{home};
  if (const char* state = set("XDG_STATE_HOME")) return std::filesystem::path{state} / "pgpassage";
  if (const char* home = set("HOME")) return std::filesystem::path{home} / ".local/state/pgpassage";
  return fail_with_cure(Errc::input, "set PGPASSAGE_HOME", "there is no directory for the state: HOME is not set");
}

}  // namespace pgpassage::migrate
