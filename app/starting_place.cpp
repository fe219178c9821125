#include "app/starting_place.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "app/agent/client/access.hpp"
#include "scenarios/observe/observe.hpp"

namespace pgpassage::app {
namespace {

using migrate::NetworkPath;

/// The places from which the scenario's engine may work: the role itself, and the hosts that stand for it.
std::vector<std::string> starting_places(const Topology& topology, const std::string& role) {
  std::vector<std::string> places{role};
  for (const Host& host : topology.hosts)
    if (host.stands_for == role) places.push_back(host.name);
  return places;
}

std::string role_of(const Topology& topology, const migrate::NewMigration& record) {
  const bool runtime = record.path == NetworkPath::runtime_server;
  return runtime ? topology.migration->runtime_server : topology.migration->target;
}

}  // namespace

Result<void> require_place(const Topology& topology, const migrate::NewMigration& record) {
  const scenarios::Places places = scenarios::places_here(topology);
  const auto wanted = starting_places(topology, role_of(topology, record));
  const auto is_here = [&](const std::string& place) {
    return std::find(places.here.begin(), places.here.end(), place) != places.here.end();
  };
  if (std::any_of(wanted.begin(), wanted.end(), is_here)) return {};
  std::string doubt;
  for (const std::string& place : wanted)
    if (const auto found = places.evidence.find(place); found != places.evidence.end()) doubt = ": " + found->second;
  return fail_with_cure(Errc::input, fmt::format("run it on {}", wanted.back()),
                        "this machine is not at the place where the crossing starts ({}){}", fmt::join(wanted, ", "),
                        doubt);
}

std::string give_to_agent(Topology& topology, const migrate::NewMigration& record, const AgentAccess& access) {
  const auto places = starting_places(topology, role_of(topology, record));
  const auto start = [&](const Host& host) {
    return std::find(places.begin(), places.end(), host.name) != places.end();
  };
  if (const std::string asked_for = agent::url_of(access); !asked_for.empty()) {
    for (Host& host : topology.hosts)
      if (start(host)) host.agent = asked_for;
    return asked_for;
  }
  if (require_place(topology, record)) return {};
  for (const Host& host : topology.hosts)
    if (start(host) && !host.agent.empty()) return host.agent;
  const Server* role = find_server(topology, role_of(topology, record));
  return role == nullptr ? std::string{} : role->agent;
}

}  // namespace pgpassage::app
