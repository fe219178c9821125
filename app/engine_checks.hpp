#pragma once

#include "migrate/engine/engine.hpp"

namespace pgpassage::app {

/// Validation and verification as every migration of ours has them.
migrate::Checks usual_checks();

}  // namespace pgpassage::app
