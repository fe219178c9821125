#pragma once

#include <string>

#include "tests/live/cluster.hpp"

namespace pgpassage::live {

/// Everything that pg_dump says about a database: schema, rows, large objects, owners, privileges, settings.
/// Lines that differ in every dump are left out. An independent witness of a copy.
std::string dump(const Cluster& cluster, const std::string& database);

}  // namespace pgpassage::live
