#pragma once

#include <string>
#include <vector>

#include "migrate/plan/catalog.hpp"
#include "migrate/plan/filter.hpp"
#include "migrate/plan/script.hpp"

namespace pgpassage::migrate {

/// Takes out of a database's content what the filter leaves out, and everything that cannot be without it. Returns what
/// was left out without being named ("VIEW public.v"), one for each object of its own. Pure.
std::vector<std::string> apply_filter(const Filter& filter, Catalog& catalog, std::vector<SchemaEntry>& entries);

}  // namespace pgpassage::migrate
