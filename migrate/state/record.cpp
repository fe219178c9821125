#include "migrate/state/record.hpp"

#include <fmt/format.h>

namespace pgpassage::migrate {

std::string Endpoint::display() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}{}{}:{}", user, user.empty() ? "" : "@", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

const char* to_string(NetworkPath value) {
  switch (value) {
    case NetworkPath::direct: return "direct";
    case NetworkPath::runtime_server: return "runtimeServer";
    case NetworkPath::not_checked: return "notChecked";
  }
  return "notChecked";
}

const char* to_string(WorkState value) {
  switch (value) {
    case WorkState::queued: return "Queued";
    case WorkState::in_progress: return "InProgress";
    case WorkState::succeeded: return "Succeeded";
    case WorkState::failed: return "Failed";
    case WorkState::canceled: return "Canceled";
  }
  return "Failed";
}

const char* to_string(ItemState value) {
  switch (value) {
    case ItemState::succeeded: return "Succeeded";
    case ItemState::failed: return "Failed";
    case ItemState::warning: return "Warning";
  }
  return "Failed";
}

}  // namespace pgpassage::migrate
