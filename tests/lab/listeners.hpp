#pragma once

#include "netcheck/base/error.hpp"
#include "tests/lab/plan.hpp"

namespace pgpassage::lab {

/// Stands in for the clusters of a plan where only the network matters: one process listens at each one's place and
/// port, and answers the first bytes of a connection with 'N', as a PostgreSQL without TLS answers an SSLRequest.
/// Connections are accepted from the moment it returns; the process ends with the lab.
Result<void> start_listeners(const LabPlan& plan);

}  // namespace pgpassage::lab
