#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "netcheck/base/address.hpp"

namespace pgpassage::lab {

/// One TCP connect from inside a place.
struct Attempt {
  std::string place;
  IpAddress address;
  Port port = 0;
};

enum class Outcome { connected, refused, timed_out, unreachable, not_tried };

const char* to_string(Outcome outcome);

/// Makes all attempts at once, a thread for each, and gives up after `patience`: 300 ms tell a drop from an answer
/// on one machine. Same order as `attempts`. `not_tried`: there is no such place.
std::vector<Outcome> probe(const std::vector<Attempt>& attempts, std::chrono::milliseconds patience);

}  // namespace pgpassage::lab
