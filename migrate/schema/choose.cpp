#include <algorithm>
#include <charconv>
#include <set>

#include "migrate/schema/program.hpp"

namespace pgpassage::migrate {

namespace fs = std::filesystem;

std::vector<fs::path> program_directories(const std::string& search_path) {
  std::vector<fs::path> candidates;
  for (std::size_t start = 0; start <= search_path.size();) {
    const auto end = std::min(search_path.find(':', start), search_path.size());
    if (end > start) candidates.emplace_back(search_path.substr(start, end - start));
    start = end + 1;
  }
  std::error_code ignored;
  for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql", ignored})
    candidates.push_back(version.path() / "bin");
  std::vector<fs::path> result;
  std::set<fs::path> seen;
  for (const auto& directory : candidates)
    if (fs::exists(directory / "pg_dump", ignored) && fs::exists(directory / "pg_restore", ignored) &&
        seen.insert(fs::weakly_canonical(directory, ignored)).second)
      result.push_back(directory);
  return result;
}

int program_major(std::string_view version_line) {
  const auto name = version_line.find("(PostgreSQL) ");
  if (name == std::string_view::npos) return 0;
  version_line.remove_prefix(name + 13);
  int major = 0;
  std::from_chars(version_line.data(), version_line.data() + version_line.size(), major);
  return major;
}

Result<ClientPrograms> choose_programs(const std::vector<ClientPrograms>& found, int source_major, int target_major) {
  const ClientPrograms* best = nullptr;
  for (const auto& programs : found) {
    if (programs.major < source_major) continue;
    if (programs.major == target_major) return programs;
    if (best == nullptr || programs.major > best->major) best = &programs;
  }
  if (best != nullptr) return *best;
  std::string cure = fmt::format("install postgresql-client-{} or newer, or set PGPASSAGE_PG_BINDIR to where it is",
                                 std::max(source_major, target_major));
  if (found.empty())
    return fail_with_cure(Errc::program, std::move(cure),
                          "no pg_dump and pg_restore that run are on PATH, in /usr/lib/postgresql/*/bin or in "
                          "PGPASSAGE_PG_BINDIR");
  const auto newest =
      std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.major < b.major; });
  return fail_with_cure(Errc::program, std::move(cure), "pg_dump {} here cannot read a source of version {}",
                        newest->major, source_major);
}

}  // namespace pgpassage::migrate
