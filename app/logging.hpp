#pragma once

#include <spdlog/logger.h>

#include <functional>
#include <string>

#include "app/options.hpp"

namespace pgpassage::app {

/// Makes one spdlog logger per room (netcheck, dns, scenarios, migrate, app), and one for the agent, on standard error,
/// with the level and form that the user asked for; --quiet leaves errors only. Rooms find theirs with
/// spdlog::get("migrate"). Called once, by main(). A JSON log has one object a line: time, level, logger, message.
void set_up_logging(const CommonOptions& common);

/// The logger of a room; silent before set_up_logging.
spdlog::logger& log_of(const std::string& room);

/// For a picture that is redrawn in place on standard error: `clear` takes it away before a line is logged, `redraw`
/// puts it back below. Both are called by the thread that logs, and must not log. Empty ones end it; when that returns,
/// neither is being called.
void share_standard_error(std::function<void()> clear, std::function<void()> redraw);

}  // namespace pgpassage::app
