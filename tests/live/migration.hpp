#pragma once

#include "migrate/engine/engine.hpp"
#include "tests/live/cluster.hpp"

namespace pgpassage::live {

/// A request to copy `databases` from one cluster to another as the superuser, without validation.
migrate::Request request(const Cluster& source, const Cluster& target, std::vector<std::string> databases);

/// Checks that find everything in order: for tests that compare by themselves.
migrate::Checks no_checks();

/// No validation, and the usual comparison.
migrate::Checks verification();

/// Runs a migration on an io_context of two threads.
migrate::Outcome migrate_now(migrate::Request request, migrate::Observer observer = {},
                             migrate::Checks checks = no_checks());

}  // namespace pgpassage::live
