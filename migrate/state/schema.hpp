#pragma once

#include "migrate/state/sqlite.hpp"

namespace pgpassage::migrate {

/// Brings a ledger file to the newest form, step by step, in one transaction. Errc::unsupported when the file is of a
/// newer pgpassage than this one.
Result<void> migrate_schema(sqlite3* database);

}  // namespace pgpassage::migrate
