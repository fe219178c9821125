#include "netcheck/reach/trace.hpp"

namespace pgpassage::netcheck {

const char* to_string(Predicted value) {
  switch (value) {
    case Predicted::allowed: return "allowed";
    case Predicted::denied: return "denied";
    case Predicted::unknown: return "unknown";
  }
  return "unknown";
}

const char* to_string(Leg value) { return value == Leg::there ? "there" : "back"; }

const char* to_string(HopKind value) {
  switch (value) {
    case HopKind::nsg: return "nsg";
    case HopKind::route: return "route";
    case HopKind::peering: return "peering";
    case HopKind::gateway: return "gateway";
    case HopKind::appliance: return "appliance";
    case HopKind::endpoint: return "endpoint";
    case HopKind::firewall: return "firewall";
    case HopKind::name: return "name";
  }
  return "route";
}

const char* to_string(Decision value) {
  switch (value) {
    case Decision::allow: return "allow";
    case Decision::deny: return "deny";
    case Decision::forward: return "forward";
    case Decision::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace pgpassage::netcheck
