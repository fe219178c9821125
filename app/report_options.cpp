#include "app/report_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

namespace pgpassage::app {
namespace {

/// A time as reports write it: "2025-02-07T10:00:00Z". Absent for anything else.
std::optional<std::chrono::sys_seconds> utc_time(const std::string& text) {
  constexpr std::string_view form = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) { return std::stoi(text.substr(at, digits)); };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  const int hours = number(11, 2), minutes = number(14, 2), seconds = number(17, 2);
  if (!day.ok() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
         std::chrono::seconds{seconds};
}

}  // namespace

void add_report_settings(CLI::App& app, ReportSettings& settings) {
  app.add_option_function<std::string>(
         "--report-time",
         [&settings](const std::string& text) {
           settings.time = utc_time(text);
           if (!settings.time)
             throw CLI::ValidationError("--report-time",
                                        fmt::format("'{}' is not a time in UTC such as 2025-02-07T10:00:00Z", text));
         },
         "time that the report bears and by whose day waivers are judged, in UTC, as 2025-02-07T10:00:00Z; default: "
         "now. "
         "With --report-host, the same input gives the same bytes")
      ->type_name("TIME");
  app.add_option("--report-host", settings.host, "host that the report bears; default: this machine's name")
      ->type_name("NAME");
}

}  // namespace pgpassage::app
