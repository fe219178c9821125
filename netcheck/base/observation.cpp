#include "netcheck/base/observation.hpp"

namespace pgpassage::netcheck {

const char* to_string(Observed value) {
  switch (value) {
    case Observed::connected: return "connected";
    case Observed::refused: return "refused";
    case Observed::timed_out: return "timedOut";
    case Observed::unreachable: return "unreachable";
    case Observed::name_not_found: return "nameNotFound";
    case Observed::wrong_address: return "wrongAddress";
    case Observed::tls_failed: return "tlsFailed";
    case Observed::not_postgres: return "notPostgres";
    case Observed::not_probed: return "notProbed";
  }
  return "notProbed";
}

}  // namespace pgpassage::netcheck
