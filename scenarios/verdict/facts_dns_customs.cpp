#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

constexpr std::string_view default_zone = "privatelink.postgres.database.azure.com";

/// What departs from the default DNS: subject, words, place, and the command that returns to it.
struct Departure {
  std::string subject;
  std::string message;
  Location location;
  std::string command;
};

void add_network_departures(std::vector<Departure>& departures, const Case& checked) {
  std::set<std::string> names;
  for (const Server* server : servers_of(checked)) {
    const Destination destination = destination_of(checked, *server);
    names.insert(destination.endpoint ? destination.endpoint->virtual_network : server->virtual_network);
  }
  for (const std::string& name : names) {
    const VirtualNetwork* network = find_virtual_network(checked.topology, name);
    if (network && !network->dns_servers.empty())
      departures.push_back(
          {name, fmt::format("{} uses custom DNS servers", name), network->location,
           fmt::format("az network vnet update --resource-group \"$RESOURCE_GROUP\" --name {} --dns-servers \"\"",
                       name)});
  }
}

void add_server_departures(std::vector<Departure>& departures, const Case& checked, const Server& server) {
  if (!server.custom_host.empty())
    departures.push_back(
        {server.name, fmt::format("{} has the custom host {}", server.name, server.custom_host), server.location, ""});
  const Destination destination = destination_of(checked, server);
  if (!destination.endpoint) return;
  for (const std::string& zone : destination.endpoint->private_dns_zone_group)
    if (zone != default_zone)
      departures.push_back({destination.endpoint->name,
                            fmt::format("{} uses zone {}", destination.endpoint->name, zone),
                            destination.endpoint->location, ""});
}

/// C15, in the editions of 2024.
void judge_default_dns(Findings& findings, const Case& checked) {
  std::vector<Departure> departures;
  add_network_departures(departures, checked);
  add_server_departures(departures, checked, checked.source);
  add_server_departures(departures, checked, checked.target);
  for (const Departure& departure : departures)
    judge(findings, checked, rules::default_dns_only, Outcome::broken,
          {departure.subject,
           fmt::format("{}, which this edition does not support with a runtime server", departure.message),
           {},
           departure.location,
           {{"what", departure.message}, {"dns_command", departure.command}}});
  if (departures.empty())
    judge(findings, checked, rules::default_dns_only, Outcome::holds,
          {checked.runtime->name, "Only the default private zone and Azure-provided DNS are in use"});
}

/// C14, from 2025-02 on.
void judge_custom_host(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  const Server& server = flow.to == checked.source.name ? checked.source : checked.target;
  if (server.custom_host.empty()) return;
  const NameOutcome outcome = outcome_of(flow.answer, destination_of(checked, server));
  const Outcome result = outcome == NameOutcome::leads_there ? Outcome::holds
                         : outcome == NameOutcome::unknown   ? Outcome::undecided
                                                             : Outcome::broken;
  judge(findings, checked, rules::custom_host_stands_in, result,
        {server.name,
         fmt::format("The custom host of {} is {}", server.name, server.custom_host),
         {describe(flow.answer)},
         server.location,
         {{"server", server.name}}});
}

bool mentions(const DnsServer& server, std::string_view zone) {
  return std::ranges::find(server.conditional_forwarders, zone, &ConditionalForwarder::zone) !=
         server.conditional_forwarders.end();
}

/// contract 6.7: a forwarder for privatelink alone works and is a warning.
void judge_forwarders(Findings& findings, const Case& checked) {
  for (const DnsServer& server : checked.topology.dns_servers) {
    const auto forwarder = std::ranges::find(server.conditional_forwarders, default_zone, &ConditionalForwarder::zone);
    if (forwarder == server.conditional_forwarders.end() || mentions(server, "postgres.database.azure.com")) continue;
    judge(findings, checked, rules::forwards_privatelink_only, Outcome::broken,
          {server.name,
           fmt::format("{} forwards {} and not postgres.database.azure.com", server.name, default_zone),
           {},
           forwarder->location,
           {{"by", server.name}}});
  }
}

}  // namespace

void judge_dns_customs(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows) {
  judge_forwarders(findings, checked);
  if (!checked.runtime) return;
  judge_default_dns(findings, checked);
  if (checked.source.custom_host.empty() && checked.target.custom_host.empty())
    judge(findings, checked, rules::custom_host_stands_in, Outcome::holds,
          {checked.runtime->name, "No custom host is given, so the private zones and their links are checked"});
  for (const FlowAssessment& flow : flows) judge_custom_host(findings, checked, flow);
}

}  // namespace pgpassage::scenarios
