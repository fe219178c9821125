#pragma once

#include "app/options.hpp"
#include "migrate/plan/filter.hpp"

/// What the command line chooses of a database.
namespace pgpassage::app {

/// With what its filter file says among the rest, and no file any more. Errc::input.
Result<FilterOptions> with_filter_file(FilterOptions options);

/// Errc::input for what is no pattern, and for choices that contradict each other, also those of a file.
Result<migrate::Filter> filter_of(const FilterOptions& options);

}  // namespace pgpassage::app
