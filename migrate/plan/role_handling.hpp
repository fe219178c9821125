#pragma once

#include <cstdint>

namespace pgpassage::migrate {

/// What becomes of the source's roles that the target lacks.
enum class RoleHandling : std::uint8_t {
  none,    ///< nothing
  report,  ///< they are named
  create   ///< they are made, without SUPERUSER
};

/// As the command line spells it.
constexpr const char* to_string(RoleHandling handling) {
  switch (handling) {
    case RoleHandling::none: return "none";
    case RoleHandling::report: return "report";
    case RoleHandling::create: break;
  }
  return "create";
}

}  // namespace pgpassage::migrate
