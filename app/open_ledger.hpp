#pragma once

#include <tl/expected.hpp>

#include "app/options.hpp"
#include "migrate/state/ledger.hpp"

namespace pgpassage::app {

/// The ledger of this user's state directory. When it cannot be opened, the user has been told why, and the exit code
/// is the error.
tl::expected<migrate::Ledger, int> open_ledger(const CommonOptions& common);

/// Everything about the migration with that NAME or TARGET/NAME; likewise.
tl::expected<migrate::MigrationDetail, int> detail_of(const CommonOptions& common, migrate::Ledger& ledger,
                                                      const std::string& name);

}  // namespace pgpassage::app
