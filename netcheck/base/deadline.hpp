#pragma once

#include <chrono>

namespace pgpassage {

/// The moment at which waiting ends. Made once by the command and passed down; no step has a private timeout.
using Deadline = std::chrono::steady_clock::time_point;

inline Deadline deadline_in(std::chrono::milliseconds duration) { return std::chrono::steady_clock::now() + duration; }

}  // namespace pgpassage
