#include <fmt/format.h>

#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/facts.hpp"
#include "scenarios/verdict/flow_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using netcheck::Decision;
using netcheck::Hop;

void judge_public_address(Findings& findings, const Case& checked) {
  const Server& source = checked.source;
  const auto& address = source.public_ip_address;
  const Outcome outcome = !address ? Outcome::undecided : address->global() ? Outcome::holds : Outcome::broken;
  judge(findings, checked, rules::public_address, outcome,
        {source.name,
         !address            ? fmt::format("{} has no publicIpAddress in the file", source.name)
         : address->global() ? fmt::format("{} has the public address {}", source.name, address->to_string())
                             : fmt::format("The publicIpAddress of {}, {}, is not routed on the internet", source.name,
                                           address->to_string()),
         {},
         source.location,
         {{"server", source.name}}});
}

void judge_cloud_sql(Findings& findings, const Case& checked) {
  const std::string name = dns::name_of(checked.source);
  const bool connection_name = !IpAddress::parse(name) && std::ranges::count(name, ':') >= 2;
  judge(findings, checked, rules::cloud_sql_by_address, connection_name ? Outcome::broken : Outcome::holds,
        {checked.source.name,
         fmt::format("{} is addressed as {}", checked.source.name, name),
         {},
         checked.source.location,
         {{"server", checked.source.name}}});
}

/// S01-3. A filter that names the addresses it admits makes the way open to them: that is published enough.
void judge_from_internet(Findings& findings, const Case& checked) {
  const Server& source = checked.source;
  if (source.public_ip_address && !source.public_ip_address->global())
    return judge(findings, checked, rules::internet_reaches_source, Outcome::replaced,
                 {source.name,
                  "What has no address that is routed on the internet is not reached from there",
                  {},
                  source.location});
  const netcheck::Place internet{.node = "Internet"};
  const Destination destination = destination_of(checked, source);
  netcheck::Place place = destination.place;
  if (destination.due) place.address = destination.due;
  const netcheck::Trace trace = netcheck::trace_flow(checked.topology, internet, place, source.port);
  const auto stop = std::ranges::find_if(
      trace.hops, [](const Hop& hop) { return hop.decision == Decision::deny || hop.decision == Decision::unknown; });
  // Its list names somebody, and not everybody.
  const bool narrow = stop != trace.hops.end() && (stop->cause == netcheck::cause::firewall_undecided ||
                                                   stop->cause == netcheck::cause::egress_address_unknown);
  const Outcome outcome = trace.predicted == netcheck::Predicted::allowed || narrow ? Outcome::holds
                          : trace.predicted == netcheck::Predicted::denied          ? Outcome::broken
                                                                                    : Outcome::undecided;
  const std::string by = stop == trace.hops.end() || stop->by.empty() ? source.name : stop->by;
  judge(findings, checked, rules::internet_reaches_source, outcome,
        {source.name,
         narrow ? fmt::format("{} is reached from those public addresses that {} admits", source.name, by)
         : outcome == Outcome::holds ? fmt::format("{} is reached from the Internet", source.name)
         : outcome == Outcome::undecided
             ? fmt::format("Whether {} is reached from the Internet is not known", source.name)
             : fmt::format("{} is not reached from the Internet", source.name),
         describe(trace),
         stop != trace.hops.end() && stop->location.known() ? stop->location : source.location,
         {{"from", checked.crossing().name}, {"to", source.name}, {"port", std::to_string(source.port)}, {"by", by}}});
}

bool lets_out(const std::vector<SecurityRule>& rules, Port port) {
  for (const SecurityRule& rule : rules) {  // first match in file order (contract 6.8); stateful filters aside
    if (rule.direction != Direction::outbound) continue;
    if (rule.protocol != Protocol::any && rule.protocol != Protocol::tcp) continue;
    if (std::ranges::any_of(rule.destination_ports, [&](const PortRange& range) { return range.contains(port); }))
      return rule.access == Access::allow;
  }
  return false;
}

void judge_outbound(Findings& findings, const Case& checked) {
  const Site* site = find_site(checked.topology, checked.source.site);
  const Outcome outcome = !site || !site->firewall_rules                         ? Outcome::undecided
                          : lets_out(*site->firewall_rules, checked.source.port) ? Outcome::holds
                                                                                 : Outcome::broken;
  judge(findings, checked, rules::outbound_from_source, outcome,
        {site ? site->name : checked.source.name,
         outcome == Outcome::undecided ? "The file does not describe the firewall of the source's site"
         : outcome == Outcome::holds
             ? fmt::format("The firewall of {} lets TCP {} out", site->name, checked.source.port)
             : fmt::format("The firewall of {} has no rule that lets TCP {} out", site->name, checked.source.port),
         {},
         site ? site->location : checked.source.location,
         {{"port", std::to_string(checked.source.port)}, {"site", site ? site->name : "of the source"}}});
}

/// S02-3, S04-4, S06-4: the guide wants the source's network admitted to the target's subnet.
void judge_inbound(Findings& findings, const Case& checked, ProposedRules& proposed) {
  const Server& target = checked.target;
  const netcheck::Place from = netcheck::place_of(checked.topology, checked.source);
  const netcheck::Place to = netcheck::place_of(checked.topology, target);
  const netcheck::Trace trace = netcheck::trace_flow(checked.topology, from, to, target.port);
  const auto at_target = [&](const Hop& hop) {
    return hop.kind == netcheck::HopKind::nsg && hop.leg == netcheck::Leg::there && hop.at == target.subnet;
  };
  const auto hop = std::ranges::find_if(trace.hops, at_target);
  const Outcome outcome = hop == trace.hops.end() || hop->decision == Decision::allow ? Outcome::holds
                          : hop->decision == Decision::deny                           ? Outcome::broken
                                                                                      : Outcome::undecided;
  const bool filtered = hop != trace.hops.end();
  FlowAssessment flow;  // the reverse of the required one, for the remedy's names only
  flow.from = checked.source.name;
  flow.to = target.name;
  flow.port = target.port;
  judge(findings, checked, rules::inbound_from_source, outcome,
        {filtered && !hop->by.empty() ? hop->by : target.subnet,
         filtered
             ? fmt::format("TCP {} from the source's network: {} by {}", target.port, to_string(hop->decision), hop->by)
             : fmt::format("No network security group filters what comes into {}", target.subnet),
         describe(trace), filtered ? hop->location : target.location,
         filtered ? remedy_names(checked, flow, *hop, proposed) : Names{}});
}

}  // namespace

void judge_source(Findings& findings, const Case& checked, ProposedRules& proposed) {
  if (checked.combination.source_access == ServerAccess::public_access) judge_public_address(findings, checked);
  if (checked.source.kind == ServerKind::google_cloud_sql) judge_cloud_sql(findings, checked);
  if (checked.asks_for("S01-2")) judge_outbound(findings, checked);
  if (checked.asks_for("S01-3")) judge_from_internet(findings, checked);
  if (checked.asks_for("S02-3") || checked.asks_for("S04-4") || checked.asks_for("S06-4"))
    judge_inbound(findings, checked, proposed);
}

}  // namespace pgpassage::scenarios
