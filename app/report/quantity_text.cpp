#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "app/report/migration_report.hpp"

namespace pgpassage::app {

std::string utc_text(migrate::Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 60) return fmt::format("{:.1f} s", static_cast<double>(duration.count()) / 1000);
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};  // of 1024, as PostgreSQL's pg_size_pretty writes them
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1023.95 && unit + 1 < units.size()) bytes /= 1024, ++unit;
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::optional<std::chrono::seconds> time_left(const migrate::DatabaseRecord& database) {
  if (database.bytes_total <= 0 || database.bytes_per_second <= 0) return std::nullopt;
  const auto left = static_cast<double>(std::max<std::int64_t>(0, database.bytes_total - database.bytes_done));
  return std::chrono::seconds{std::llround(left / database.bytes_per_second)};
}

}  // namespace pgpassage::app
