#include <fmt/format.h>

#include <algorithm>

#include "app/progress/progress.hpp"
#include "app/report/migration_report.hpp"
#include "app/report/text_style.hpp"

namespace pgpassage::app {
using migrate::DatabaseRecord;
using migrate::WorkState;
namespace {

double share_of(const DatabaseRecord& database) {
  if (database.state == WorkState::succeeded) return 1;
  if (database.bytes_total <= 0) return 0;
  // Only what was compared is whole; before, the total is partly an estimate.
  return std::min(0.99, static_cast<double>(database.bytes_done) / static_cast<double>(database.bytes_total));
}

std::string clipped(std::string text, int width) {
  while (!text.empty() && display_width(text) > width) {
    do text.pop_back();
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.pop_back();
  }
  return text;
}

std::string figures(const DatabaseRecord& database, bool ended) {
  if (database.state == WorkState::queued) return state_text(database.state, ended);
  std::string text = fmt::format("{}/{} tables {}/{}", database.tables_done, database.tables_total,
                                 bytes_text(static_cast<double>(database.bytes_done)),
                                 bytes_text(static_cast<double>(database.bytes_total)));
  if (database.state != WorkState::in_progress) return text + " " + state_text(database.state, ended);
  if (!database.phase.empty()) text += " " + database.phase;
  if (database.bytes_per_second > 0) text += fmt::format(" {}/s", bytes_text(database.bytes_per_second));
  if (const auto left = time_left(database)) text += fmt::format(" {} left", duration_text(*left));
  return text;
}

// Where the line is narrow, how fast and how long matter more than how much.
std::string brief_figures(const DatabaseRecord& database, bool ended) {
  if (database.state != WorkState::in_progress) return state_text(database.state, ended);
  std::string text = database.phase;
  if (database.bytes_per_second > 0) text += fmt::format(" {}/s", bytes_text(database.bytes_per_second));
  if (const auto left = time_left(database)) text += fmt::format(" {} left", duration_text(*left));
  return text;
}

std::string bar(double share, int cells) {
  const auto full = static_cast<int>(share * cells);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(cells - full), '.') + "]";
}

std::string database_line(const DatabaseRecord& database, bool ended, int width, bool color) {
  const double share = share_of(database);
  std::string name = clipped(printable(database.name), 14);
  name += std::string(static_cast<std::size_t>(14 - display_width(name)), ' ');
  constexpr int least_cells = 6, most_cells = 30;
  const auto room = [&](const std::string& rest) { return width - 14 - 1 - 2 - 1 - 4 - 1 - display_width(rest); };
  std::string rest = figures(database, ended);
  if (room(rest) < least_cells) rest = brief_figures(database, ended);
  const int cells = std::clamp(room(rest), least_cells, most_cells);
  const std::string text = clipped(fmt::format("{} {} {:3.0f}% {}", name, bar(share, cells), share * 100, rest), width);
  const Tone tone = database.state == WorkState::succeeded ? Tone::good
                    : database.state == WorkState::failed  ? Tone::bad
                                                           : Tone::plain;
  return paint({.color = color}, tone, text) + "\n";
}

}  // namespace

std::string render(const ProgressSnapshot& snapshot, int width, bool color) {
  std::string text = clipped(fmt::format("{}: {}, {}, {}", printable(snapshot.name), to_string(snapshot.stage.state),
                                         to_string(snapshot.stage.substate), duration_text(snapshot.elapsed)),
                             width) +
                     "\n";
  const bool ended = migrate::ended(snapshot.stage.state);
  for (const DatabaseRecord& database : snapshot.databases) text += database_line(database, ended, width, color);
  return text;
}

std::string render_line(const ProgressSnapshot& snapshot) {
  const bool ended = migrate::ended(snapshot.stage.state);
  std::string text = fmt::format("{} {} {}", printable(snapshot.name),
                                 ended ? to_string(snapshot.stage.state) : to_string(snapshot.stage.substate),
                                 duration_text(snapshot.elapsed));
  for (const DatabaseRecord& database : snapshot.databases)
    text +=
        fmt::format("; {} {:.0f}% {}", printable(database.name), share_of(database) * 100, figures(database, ended));
  return text + "\n";
}

}  // namespace pgpassage::app
