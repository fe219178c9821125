#include "migrate/log.hpp"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace pgpassage::migrate {

spdlog::logger& log() {
  static const auto silent =
      std::make_shared<spdlog::logger>("migrate", std::make_shared<spdlog::sinks::null_sink_mt>());
  const auto made = spdlog::get("migrate");  // the registry keeps it
  return made ? *made : *silent;
}

std::string loggable(const Error& error) {
  const bool quotes_a_row =
      error.sqlstate.starts_with("22") || error.sqlstate.starts_with("23") || error.sqlstate.starts_with("P0");
  return quotes_a_row ? "SQLSTATE " + error.sqlstate : error.message;
}

}  // namespace pgpassage::migrate
