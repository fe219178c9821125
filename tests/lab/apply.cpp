#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/lab/process.hpp"
#include "tests/lab/raise.hpp"

namespace pgpassage::lab {
namespace {

/// What a running lab cannot change, each difference in words.
std::vector<std::string> fixed_differences(const LabPlan& now, const LabPlan& next) {
  std::vector<std::string> result;
  for (const Place& place : next.places)
    if (find_place(now, place.name) == nullptr) result.push_back(place.name + " is new");
  for (const Place& place : now.places) {
    const Place* after = find_place(next, place.name);
    if (after == nullptr)
      result.push_back(place.name + " is gone");
    else if (after->forwards != place.forwards || after->loopback != place.loopback)
      result.push_back(place.name + " is another machine");
  }
  if (result.empty() && now.links != next.links) result.emplace_back("addresses or wires differ");
  if (result.empty() && now.clusters != next.clusters) result.emplace_back("a server's port, names or user differ");
  return result;
}

/// The numbers of the routing tables that the lines fill, besides main.
std::set<std::string> tables_of(const Place& place) {
  std::set<std::string> result;
  for (const std::string& line : place.routes) {
    std::istringstream words{line};
    for (std::string word; words >> word;)
      if (word == "table" && words >> word && word != "254") result.insert(word);
  }
  return result;
}

/// Removes the lab's own routes and rules; those that the kernel made for the wires stay.
Result<void> clear_routes(const Place& now) {
  std::string batch = "route flush table main proto boot\nrule flush\nrule add pref 32766 lookup main\n";
  for (const std::string& table : tables_of(now)) batch += fmt::format("route flush table {}\n", table);
  return run(now.name, {"ip", "-batch", "-"}, batch, log_path(now.name));
}

std::string comment_of(const std::string& line) {
  const auto from = line.find("comment \"");
  return from == std::string::npos ? line : line.substr(from + 9, line.rfind('"') - from - 9);
}

}  // namespace

Result<std::vector<std::string>> apply(const LabPlan& now, const LabPlan& next) {
  if (const auto fixed = fixed_differences(now, next); !fixed.empty())
    return fail_with_cure(Errc::input, "take the lab down and up again", "a running lab cannot change this: {}",
                          fmt::join(fixed, "; "));
  std::vector<std::string> changed;
  for (const Place& place : next.places) {
    const Place& before = *find_place(now, place.name);
    if (place.routes != before.routes) {
      if (auto done = clear_routes(before); !done) return tl::unexpected(done.error());
      if (auto done = configure_routes(place); !done) return tl::unexpected(done.error());
      changed.push_back("routes of " + place.name);
    }
    if (place.filter != before.filter) {
      if (auto done = load_filter(place); !done) return tl::unexpected(done.error());
      changed.push_back("filter of " + place.name);
    }
    if (place.resolv_conf != before.resolv_conf) {
      if (auto done = write_resolv_conf(place); !done) return tl::unexpected(done.error());
      changed.push_back("resolv.conf of " + place.name);
    }
  }
  if (now.name_servers == next.name_servers) return changed;
  // All of them: each may have cached what another one answered.
  for (const NameServer& server : now.name_servers)
    if (auto done = stop_name_server(server); !done) return tl::unexpected(done.error());
  for (const NameServer& server : next.name_servers)
    if (auto done = start_name_server(server); !done) return tl::unexpected(done.error());
  for (const NameServer& server : next.name_servers)
    if (auto done = await_name_server(server); !done) return tl::unexpected(done.error());
  changed.emplace_back("names");
  return changed;
}

Result<std::vector<std::string>> hits(const LabPlan& plan) {
  std::vector<std::string> result;
  for (const Place& place : plan.places) {
    if (place.filter.empty()) continue;
    const std::string listing = log_path("hits");
    static_cast<void>(write_file(listing, ""));
    auto child = start(place.name, {"nft", "list", "ruleset"}, listing);
    if (!child) return tl::unexpected(child.error());
    if (auto finished = finish(*child); !finished) return tl::unexpected(finished.error());
    std::istringstream lines{*read_file(listing)};
    std::map<std::string, long> dropped;
    for (std::string line; std::getline(lines, line);) {
      const auto counter = line.find("counter packets ");
      if (counter == std::string::npos || line.find(" drop ") == std::string::npos) continue;
      dropped[comment_of(line)] += std::stol(line.substr(counter + 16));
    }
    for (const auto& [rule, packets] : dropped)
      if (packets > 0) result.push_back(fmt::format("{}  {}  {}", place.name, rule, packets));
  }
  return result;
}

}  // namespace pgpassage::lab
