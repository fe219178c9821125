#include "netcheck/probe/connect_error.hpp"

#include <cerrno>

namespace pgpassage::netcheck {

ConnectError connect_error_of(std::error_code error) {
  const std::string said = error.message();
  switch (error.value()) {
    case ECONNREFUSED: return {Observed::refused, "refused", said};
    case ETIMEDOUT: return {Observed::timed_out, "timed-out", said};
    case ECONNRESET: return {Observed::not_postgres, "reset", said};
    case ENETUNREACH: return {Observed::unreachable, "no-route", said};
    case EACCES:  // a local route "prohibit"
    case EINVAL:  // a local route "blackhole"
    case EPERM:   // a local packet filter
      return {Observed::unreachable, "route-forbidden",
              said + ": a route or a packet filter of this machine forbids it"};
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL:
      return {Observed::unreachable, "no-address-of-family", said + ": this machine has no address of that family"};
    case EMFILE:
    case ENFILE:
      return {Observed::not_probed, "out-of-descriptors", said + ": raise the limit of open files (ulimit -n)"};
    case ENOBUFS:
    case ENOMEM: return {Observed::not_probed, "out-of-memory", said};
    case ECANCELED: return {Observed::not_probed, "canceled", said};
    default: return {Observed::unreachable, "unreachable", said};
  }
}

}  // namespace pgpassage::netcheck
