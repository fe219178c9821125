#pragma once

#include <cstdint>

namespace pgpassage::migrate {

/// How much of what was copied is compared.
enum class VerifyDepth : std::uint8_t {
  none,    ///< nothing
  counts,  ///< each table's number of rows, sequences, large objects and the schema
  full     ///< every byte of every row too
};

/// As the command line spells it.
constexpr const char* to_string(VerifyDepth depth) {
  switch (depth) {
    case VerifyDepth::none: return "none";
    case VerifyDepth::counts: return "counts";
    case VerifyDepth::full: break;
  }
  return "full";
}

}  // namespace pgpassage::migrate
