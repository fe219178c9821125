#pragma once

#include <string>

#include "migrate/state/record.hpp"
#include "netcheck/base/error.hpp"

/// What a comparison says of a migration, or of one of its databases. Pure.
namespace pgpassage::migrate {

/// One sentence; empty: everything was compared and is the same.
std::string disagreement(const Verification& found);

/// Whether something that was read is not the same on both sides.
bool has_difference(const Verification& found);

/// Succeeded says that everything was compared: what could not be read cannot be called the same.
Error unread(const Verification& found);

/// An offline copy stands still at its snapshot: what was written to the source since is missing on the target.
/// `writers` is how many writing transactions began there meanwhile; 0: none, or nobody could say.
Error difference(const Verification& found, std::int64_t writers);

}  // namespace pgpassage::migrate
