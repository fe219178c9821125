#include "netcheck/base/error.hpp"

#include <string_view>

namespace pgpassage {

bool connection_lost(const Error& error) {
  if (error.code == Errc::connection_lost) return true;
  const std::string_view state = error.sqlstate;
  return state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03";
}

}  // namespace pgpassage
