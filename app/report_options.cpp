#include "app/report_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

namespace pgpassage::app {
namespace {

/// Whether `text` is a time as reports write it: "2025-02-07T10:00:00Z".
bool is_utc_time(const std::string& text) {
  constexpr std::string_view form = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
  const auto number = [&](std::size_t at, std::size_t digits) {
    return static_cast<unsigned>(std::stoul(text.substr(at, digits)));
  };
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number(0, 4))},
                                        std::chrono::month{number(5, 2)}, std::chrono::day{number(8, 2)}};
  return day.ok() && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60;
}

}  // namespace

void add_report_settings(CLI::App& app, ReportSettings& settings) {
  app.add_option_function<std::string>(
         "--report-time",
         [&settings](const std::string& text) {
           if (!is_utc_time(text))
             throw CLI::ValidationError("--report-time",
                                        fmt::format("'{}' is not a time in UTC such as 2025-02-07T10:00:00Z", text));
           settings.time = text;
         },
         "time that the report bears, in UTC, as 2025-02-07T10:00:00Z; default: now. With --report-host, the same "
         "input "
         "gives the same bytes")
      ->type_name("TIME");
  app.add_option("--report-host", settings.host, "host that the report bears; default: this machine's name")
      ->type_name("NAME");
}

}  // namespace pgpassage::app
