#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

Names names_for(const Case& checked) {
  const Server& role = checked.crossing();
  return {{"vnet", role.virtual_network},
          {"subnet", role.subnet},
          {"server", checked.source.name},
          {"location", checked.source.azure_location}};
}

void judge_rule(Findings& findings, const Case& checked) {
  const Server& role = checked.crossing();
  const bool present = std::ranges::any_of(checked.source.virtual_network_rules, [&](const SubnetReference& rule) {
    return rule.virtual_network == role.virtual_network && rule.subnet == role.subnet;
  });
  judge(findings, checked, rules::virtual_network_rule, present ? Outcome::holds : Outcome::broken,
        {checked.source.name,
         fmt::format("{} {} virtual network rule for {}/{}", checked.source.name, present ? "has a" : "has no",
                     role.virtual_network, role.subnet),
         {},
         checked.source.location,
         names_for(checked)});
}

void judge_service_endpoint(Findings& findings, const Case& checked) {
  const Server& role = checked.crossing();
  const Subnet* subnet = find_subnet(checked.topology, role.virtual_network, role.subnet);
  if (!subnet) return;
  const bool on = std::ranges::find(subnet->service_endpoints, "Microsoft.Sql") != subnet->service_endpoints.end();
  judge(findings, checked, rules::service_endpoint, on ? Outcome::holds : Outcome::broken,
        {fmt::format("{}/{}", role.virtual_network, role.subnet),
         fmt::format("{} {} the service endpoint Microsoft.Sql", subnet->name, on ? "has" : "does not have"),
         {},
         subnet->location,
         names_for(checked)});
}

/// Why the server could not hold the rule; empty when it can. Unknown tier or region is for the caller.
std::string limit_broken(const Server& source, const VirtualNetwork& network) {
  if (source.tier == Tier::basic) return fmt::format("{} is in tier Basic", source.name);
  if (!source.azure_location.empty() && !network.azure_location.empty() &&
      source.azure_location != network.azure_location)
    return fmt::format("{} is in {} and {} in {}", source.name, source.azure_location, network.name,
                       network.azure_location);
  const auto rules = std::ranges::count(source.virtual_network_rules, network.name, &SubnetReference::virtual_network);
  return rules > 128 ? fmt::format("{} has {} rules for {}", source.name, rules, network.name) : "";
}

void judge_limits(Findings& findings, const Case& checked) {
  const VirtualNetwork* network = find_virtual_network(checked.topology, checked.crossing().virtual_network);
  if (!network) return;
  const Server& source = checked.source;
  const std::string why = limit_broken(source, *network);
  // Azure refuses a rule that breaks the limits, so one that exists speaks for them where tier or location is not
  // given.
  const bool known = source.tier && !source.azure_location.empty() && !network->azure_location.empty();
  const Outcome outcome = !why.empty() ? Outcome::broken : known ? Outcome::holds : Outcome::not_described;
  judge(findings, checked, rules::virtual_network_rule_limits, outcome,
        {source.name,
         !why.empty() ? fmt::format("Virtual network rules need a General Purpose or Memory Optimized server in the "
                                    "subnet's region, but {}",
                                    why)
         : known      ? fmt::format("{} can have a virtual network rule for {}", source.name, network->name)
                      : fmt::format("The tier or the location of {} is not given", source.name),
         {},
         source.location,
         names_for(checked)});
}

}  // namespace

void judge_single_server(Findings& findings, const Case& checked) {
  if (!checked.asks_for("S08-1")) return;
  judge_rule(findings, checked);
  judge_service_endpoint(findings, checked);
  judge_limits(findings, checked);
}

}  // namespace pgpassage::scenarios
