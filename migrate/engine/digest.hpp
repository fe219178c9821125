#pragma once

#include <string>
#include <vector>

#include "migrate/plan/script.hpp"

namespace pgpassage::migrate {

/// The same exactly when type and statements of all entries are, in their order: 32 hexadecimal digits. Pure.
std::string digest_of(const std::vector<SchemaEntry>& entries);

}  // namespace pgpassage::migrate
