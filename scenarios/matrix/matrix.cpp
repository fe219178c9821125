#include "scenarios/matrix/matrix.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "scenarios/matrix/read_edition.hpp"

namespace pgpassage::scenarios {
namespace embedded {
extern const std::string_view _2023_S2F_yaml;
extern const std::string_view _2024_01_yaml;
extern const std::string_view _2024_03_yaml;
extern const std::string_view _2024_06_yaml;
extern const std::string_view _2025_02_yaml;
extern const std::string_view _2025_07_yaml;
}  // namespace embedded

namespace {

constexpr std::array<std::string_view, 6> ids{"2023-S2F", "2024-01", "2024-03", "2024-06", "2025-02", "2025-07"};

std::string_view text_of(std::string_view id) {
  const std::array texts{embedded::_2023_S2F_yaml, embedded::_2024_01_yaml, embedded::_2024_03_yaml,
                         embedded::_2024_06_yaml,  embedded::_2025_02_yaml, embedded::_2025_07_yaml};
  const auto found = std::ranges::find(ids, id);
  return found == ids.end() ? std::string_view{} : texts[static_cast<std::size_t>(found - ids.begin())];
}

template <class T>
bool listed(const std::vector<T>& values, const T& value) {
  return std::ranges::find(values, value) != values.end();
}

/// In how many of the three points the row differs; a target that is no flexible server is far from every row.
int distance(const MatrixRow& row, const Classification& combination) {
  return !listed(row.source_kinds, combination.source_kind) + !listed(row.source_access, combination.source_access) +
         (row.target_access != combination.target_access) +
         3 * (combination.target_kind != ServerKind::flexible_server);
}

const char* words(ServerAccess access) {
  switch (access) {
    case ServerAccess::public_access: return "public access";
    case ServerAccess::private_access: return "private access";
    case ServerAccess::vnet_integrated: return "VNet integration";
    case ServerAccess::private_endpoint: return "a private endpoint";
  }
  return "";
}

}  // namespace

std::span<const std::string_view> edition_ids() { return ids; }

const Edition* find_edition(std::string_view id) {
  static std::mutex mutex;
  static std::map<std::string, Edition, std::less<>> editions;
  const std::string_view text = text_of(id);
  if (text.empty()) return nullptr;
  const std::scoped_lock lock{mutex};
  const auto found = editions.find(id);
  if (found != editions.end()) return &found->second;
  return &editions.emplace(id, read_edition(text)).first->second;
}

Classification classify(const Topology& topology, const Server& source, const Server& target) {
  Classification result{source.kind, source.access, target.kind, target.access};
  if (source.kind == ServerKind::single_server && source.access == ServerAccess::public_access) {
    const PrivateEndpoint* endpoint = find_private_endpoint_of(topology, source.name);
    if (endpoint && endpoint->connection_state == EndpointConnectionState::approved)
      result.source_access = ServerAccess::private_endpoint;
  }
  return result;
}

const MatrixRow* match(const Edition& edition, const Classification& combination) {
  const auto fits = [&](const MatrixRow& row) { return distance(row, combination) == 0; };
  const auto found = std::ranges::find_if(edition.rows, fits);
  return found == edition.rows.end() ? nullptr : &*found;
}

std::vector<const MatrixRow*> nearest_rows(const Edition& edition, const Classification& combination) {
  int least = 3;  // a row that differs in all three points is not near
  for (const MatrixRow& row : edition.rows)
    if (row.supported) least = std::min(least, distance(row, combination));
  std::vector<const MatrixRow*> near;
  for (const MatrixRow& row : edition.rows)
    if (row.supported && least < 3 && distance(row, combination) == least) near.push_back(&row);
  // The kind of the source is what its owner can change least.
  std::ranges::stable_sort(near, {},
                           [&](const MatrixRow* row) { return !listed(row->source_kinds, combination.source_kind); });
  if (near.size() > 3) near.resize(3);
  return near;
}

std::string describe(const Classification& combination) {
  return std::string{to_string(combination.source_kind)} + " with " + words(combination.source_access) + " to " +
         to_string(combination.target_kind) + " with " + words(combination.target_access);
}

std::string target_words(const MatrixRow& row) {
  return std::string{"flexible server with "} + words(row.target_access);
}

}  // namespace pgpassage::scenarios
