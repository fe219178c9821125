#include "migrate/state/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pgpassage::migrate {

std::string Endpoint::display() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}{}{}:{}", user, user.empty() ? "" : "@", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

Agreement agreement_of(const std::vector<VerificationRecord>& items) {
  const auto differs = [](const VerificationRecord& item) { return item.compared && !item.identical; };
  const auto unread = [](const VerificationRecord& item) { return !item.compared; };
  if (std::any_of(items.begin(), items.end(), differs)) return Agreement::differs;
  const bool undecided = items.empty() || std::any_of(items.begin(), items.end(), unread);
  return undecided ? Agreement::inconclusive : Agreement::identical;
}

void append(Verification& all, Verification next) {
  std::move(next.items.begin(), next.items.end(), std::back_inserter(all.items));
  std::move(next.notes.begin(), next.notes.end(), std::back_inserter(all.notes));
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

const char* to_string(Agreement value) {
  switch (value) {
    case Agreement::identical: return "identical";
    case Agreement::differs: return "differs";
    case Agreement::inconclusive: return "inconclusive";
  }
  return "inconclusive";
}

}  // namespace pgpassage::migrate
