#include <fmt/format.h>

#include "scenarios/verdict/facts.hpp"

namespace pgpassage::scenarios {
namespace {

void judge_presence(Findings& findings, const Case& checked) {
  const bool needed = checked.row && checked.row->path == Path::runtime_server;
  if (needed && !checked.runtime) {
    const PrivateEndpoint* endpoint = find_private_endpoint_of(checked.topology, checked.target.name);
    judge_always(
        findings, checked, rules::runtime_server_named, Outcome::broken,
        {checked.topology.migration->name,
         "The scenario needs a migration runtime server, and migration.runtimeServer names none",
         {},
         checked.topology.migration->location,
         {{"runtime", checked.topology.migration->name + "-runtime"},
          {"location", checked.target.azure_location.empty() ? "\"$LOCATION\"" : checked.target.azure_location},
          {"vnet", endpoint ? endpoint->virtual_network : "\"$VNET\""}}});
  } else if (needed) {
    judge_always(findings, checked, rules::runtime_server_named, Outcome::holds,
                 {checked.runtime->name, fmt::format("{} is the migration runtime server", checked.runtime->name)});
  } else if (checked.runtime) {
    judge(findings, checked, rules::runtime_server_not_needed, Outcome::holds,
          {checked.runtime->name, fmt::format("{} is used as migration runtime server; {} would do without one",
                                              checked.runtime->name, checked.row ? checked.row->id : "the scenario")});
  }
}

std::string wrong_role(const Case& checked) {
  if (checked.runtime == &checked.target) return "it is the target";
  if (checked.runtime->kind != ServerKind::flexible_server)
    return fmt::format("its kind is {}", to_string(checked.runtime->kind));
  if (checked.runtime->access != ServerAccess::vnet_integrated)
    return fmt::format("its access is {}", to_string(checked.runtime->access));
  return "";
}

void judge_role(Findings& findings, const Case& checked) {
  const std::string why = wrong_role(checked);
  judge_always(
      findings, checked, rules::runtime_server_vnet_integrated, why.empty() ? Outcome::holds : Outcome::broken,
      {checked.runtime->name,
       why.empty() ? fmt::format("{} is a VNet-integrated flexible server and not the target", checked.runtime->name)
                   : fmt::format("{} cannot be the migration runtime server: {}", checked.runtime->name, why),
       {},
       checked.runtime->location});
}

void judge_size(Findings& findings, const Case& checked) {
  // The tutorial of 2024-03 sizes the runtime server by the source, every later text by the target.
  const Server& measure = checked.edition.id == "2024-03" ? checked.source : checked.target;
  if (!checked.runtime->tier || !measure.tier)
    return judge(findings, checked, rules::runtime_server_sized, Outcome::undecided,
                 {checked.runtime->name,
                  fmt::format("The tier of {} and of {} is not given for both", checked.runtime->name, measure.name),
                  {},
                  checked.runtime->location,
                  {{"server", checked.runtime->name}, {"tier", "of " + measure.name}}});
  const auto size = [](Tier tier) {
    return tier == Tier::memory_optimized ? 2 : tier == Tier::general_purpose ? 1 : 0;
  };
  const bool large = size(*checked.runtime->tier) >= size(*measure.tier);
  judge(findings, checked, rules::runtime_server_sized, large ? Outcome::holds : Outcome::broken,
        {checked.runtime->name,
         fmt::format("The runtime server's tier is {}, that of {} is {}", to_string(*checked.runtime->tier),
                     measure.name, to_string(*measure.tier)),
         {},
         checked.runtime->location,
         {{"server", checked.runtime->name}, {"tier", to_string(*measure.tier)}}});
}

}  // namespace

void judge_runtime_server(Findings& findings, const Case& checked) {
  judge_presence(findings, checked);
  if (!checked.runtime) return;
  judge_role(findings, checked);
  judge_size(findings, checked);
}

}  // namespace pgpassage::scenarios
