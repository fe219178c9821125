#pragma once

#include "app/logging.hpp"

namespace pgpassage::app::agent {

inline spdlog::logger& log() { return log_of("agent"); }

}  // namespace pgpassage::app::agent
