#include "include_directions.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <regex>
#include <string_view>

namespace pgpassage::house {
namespace {

namespace fs = std::filesystem;

/// Upper rooms first: a room may include itself and those behind it.
constexpr std::array<std::string_view, 5> rooms{"app", "migrate", "scenarios", "dns", "netcheck"};

constexpr std::array<std::string_view, 12> live{
    "netcheck/probe", "dns/resolver",    "scenarios/observe", "migrate/pg",     "migrate/copy",  "migrate/apply",
    "migrate/verify", "migrate/catalog", "migrate/schema",    "migrate/engine", "migrate/state", "migrate/spool"};

constexpr std::array<std::string_view, 10> pure{
    "netcheck/base",    "netcheck/topology", "netcheck/reach",    "netcheck/lint", "dns/zones",
    "scenarios/matrix", "scenarios/rules",   "scenarios/verdict", "migrate/plan",  "migrate/cdc"};

/// Index into `rooms`; absent for what is in no room.
std::optional<std::size_t> room_of(std::string_view path) {
  const auto found = std::ranges::find(rooms, path.substr(0, path.find('/')));
  if (found == rooms.end() || path.find('/') == path.npos) return std::nullopt;
  return static_cast<std::size_t>(found - rooms.begin());
}

template <class Folders>
bool inside(const Folders& folders, std::string_view path) {
  return std::ranges::any_of(folders, [&](std::string_view folder) {
    return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
  });
}

/// Why the file must not include that; empty when it may.
std::string objection(std::string_view file, std::string_view included, bool quoted) {
  const auto from = room_of(file);
  const auto to = room_of(included);
  if (file.starts_with("tests/lab/")) {
    const bool allowed = !to || included.starts_with("netcheck/base/") || included.starts_with("netcheck/topology/");
    return allowed ? "" : "tests/lab includes netcheck/base and netcheck/topology alone";
  }
  if (file.starts_with("tests/naive/") && !file.ends_with("_test.cpp") && !file.ends_with("/pairs.cpp") &&
      !file.ends_with("/pairs.hpp")) {
    const bool allowed = !to || included.starts_with("netcheck/base/") || included.starts_with("netcheck/topology/");
    return allowed ? "" : "the naive evaluator shares the model alone with the product";
  }
  if (!from) return "";
  if (included.starts_with("tests/")) return "a room does not include tests";
  if (!to) return quoted ? "headers are included from the root" : "";
  if (*to < *from) return std::string{rooms[*from]} + " does not know " + std::string{rooms[*to]};
  if (inside(pure, file) && inside(live, included)) return "a pure folder does not include a live one";
  return "";
}

void read_file(const fs::path& root, const std::string& file, std::vector<WrongInclude>& wrong) {
  static const std::regex include_line{R"(^\s*#\s*include\s*(["<])([^">]+)[">])"};
  std::ifstream text{root / file};
  int line = 0;
  for (std::string words; std::getline(text, words);) {
    ++line;
    std::smatch match;
    if (!std::regex_search(words, match, include_line)) continue;
    const std::string why = objection(file, match[2].str(), match[1].str() == "\"");
    if (!why.empty()) wrong.push_back({file, line, match[2].str(), why});
  }
}

std::vector<std::string> files_under(const fs::path& root) {
  std::vector<std::string> files;
  std::vector<std::string_view> folders{rooms.begin(), rooms.end()};
  folders.push_back("tests");
  for (const std::string_view folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator{root / folder})
      if (entry.path().extension() == ".hpp" || entry.path().extension() == ".cpp")
        files.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<WrongInclude> wrong_includes(const fs::path& root) {
  std::vector<WrongInclude> wrong;
  for (const std::string& file : files_under(root)) read_file(root, file, wrong);
  return wrong;
}

std::size_t source_files(const fs::path& root) { return files_under(root).size(); }

}  // namespace pgpassage::house
