#include "dns/zones/lookup.hpp"

namespace pgpassage::dns {

const char* to_string(LookupStatus value) {
  switch (value) {
    case LookupStatus::answered: return "answered";
    case LookupStatus::nx_domain: return "nxDomain";
    case LookupStatus::no_data: return "noData";
    case LookupStatus::server_failure: return "serverFailure";
    case LookupStatus::refused: return "refused";
    case LookupStatus::timed_out: return "timedOut";
    case LookupStatus::unreachable: return "unreachable";
    case LookupStatus::malformed: return "malformed";
  }
  return "malformed";
}

}  // namespace pgpassage::dns
