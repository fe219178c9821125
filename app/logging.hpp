#pragma once

#include "app/options.hpp"

namespace pgpassage::app {

/// Makes one spdlog logger per room (netcheck, dns, scenarios, migrate, app) on standard error, with the level and form
/// that the user asked for; --quiet leaves errors only. Rooms find theirs with spdlog::get("migrate"). Called once, by
/// main(). A JSON log has one object a line: time, level, logger, message.
void set_up_logging(const CommonOptions& common);

}  // namespace pgpassage::app
