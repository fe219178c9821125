#pragma once

#include <string>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {

/// The password that `server` holds or names: its own, the first line of its file, or its environment variable. Empty
/// when it names none: libpq then looks for itself. Errc::input when the file cannot be read or the variable is not
/// set.
Result<std::string> password_of(const ServerAddress& server);

}  // namespace pgpassage::migrate
