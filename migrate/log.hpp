#pragma once

#include <spdlog/logger.h>

#include <string>

#include "netcheck/base/error.hpp"

/// The log of this room's live parts: a fixed phrase, then key=value. Never a password, a connection string or the
/// content of a row; what a server said goes in through `loggable`.
namespace pgpassage::migrate {

/// The logger "migrate" that main() made; silent where nobody made one. Safe for several threads.
spdlog::logger& log();

/// The error's message, or only its SQLSTATE where PostgreSQL quotes values of rows in it (classes 22 and 23), or a
/// function of its user's may (class P0, RAISE).
std::string loggable(const Error& error);

}  // namespace pgpassage::migrate
