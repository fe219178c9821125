#include "scenarios/verdict/live_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/verdict/evidence.hpp"
#include "scenarios/verdict/flow_findings.hpp"
#include "scenarios/verdict/step_findings.hpp"

namespace pgpassage::scenarios {
namespace {

using dns::Lookup;
using dns::LookupStatus;
using netcheck::Observation;
using netcheck::Observed;
using netcheck::Predicted;

std::string listed(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) text += (text.empty() ? "" : ", ") + address.to_string();
  return text;
}

std::string in_words(const Observation& observation) {
  std::string text{describe(observation.observed)};
  if (observation.elapsed.count() > 0) text += fmt::format(" after {}", describe(observation.elapsed));
  if (observation.address) text += fmt::format(" at {}:{}", observation.address->to_string(), observation.port);
  if (!observation.from.empty()) text += fmt::format(", from {}", observation.from);
  if (!observation.detail.empty()) text += fmt::format(": {}", observation.detail);
  return text;
}

Names names_for(const FlowAssessment& flow) {
  return {{"from", flow.from}, {"to", flow.to}, {"port", std::to_string(flow.port)}};
}

Statement statement(const FlowAssessment& flow, std::string message) {
  std::vector<std::string> evidence{in_words(flow.observation)};
  for (std::string& line : describe(flow.trace)) evidence.push_back(std::move(line));
  return {subject_of(flow),    std::move(message),
          std::move(evidence), {},
          names_for(flow),     to_string(flow.observation.observed)};
}

void judge_connected(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  // A host beside the role proves names, routes and peerings, not the role's own subnet NSG (contract 6.12).
  if (flow.trace.predicted == Predicted::denied && made_by_stand_in(flow))
    return judge_always(findings, checked, rules::live_flow_connects, Outcome::replaced,
                        statement(flow, fmt::format("A stand-in connected to {}; what stops {} itself stays on paper",
                                                    flow.to, flow.from)));
  if (flow.trace.predicted == Predicted::denied)
    judge_always(findings, checked, rules::live_contradicts_paper, Outcome::broken,
                 statement(flow, fmt::format("{} connected to {} although the file says that the flow is denied",
                                             flow.from, flow.to)));
  judge_always(findings, checked, rules::live_flow_connects, Outcome::holds,
               statement(flow, fmt::format("{} connected to {} on port {}", flow.from, flow.to, flow.port)));
}

std::string not_connected(const FlowAssessment& flow) {
  const char* expected = flow.trace.predicted == Predicted::allowed ? ", although the file says that it can" : "";
  return fmt::format("{} did not reach {} on port {} ({}){}", flow.from, flow.to, flow.port,
                     describe(flow.observation.observed), expected);
}

void judge_not_probed(Findings& findings, const Case& checked, const FlowAssessment& flow) {
  const Observation& observation = flow.observation;
  Statement said = statement(flow, fmt::format("{} to {} was not probed{}{}", flow.from, flow.to,
                                               observation.detail.empty() ? "" : ": ", observation.detail));
  said.evidence.erase(said.evidence.begin());  // the message says it
  const std::string cure =
      observation.cure.empty() ? fmt::format("Run this check where {} stands", flow.from) : observation.cure;
  said.remedy = Remedy{cure + ", or judge on paper alone with --no-live", ""};
  judge_always(findings, checked, rules::live_flow_connects, Outcome::undecided, std::move(said));
}

using Flows = std::vector<FlowAssessment>;

/// Something that an administrator may have changed since the file was written.
bool changeable(const netcheck::Hop& hop) {
  // Objects are written "table/route"; "endpoint route 10.30.2.4/32" follows from others and has no owner.
  const bool object = hop.by.find('/') != std::string::npos && hop.by.find(' ') == std::string::npos;
  return hop.kind != netcheck::HopKind::name && object && hop.location.known();
}

/// What the file relies on for this flow, and what no flow that connected relies on too.
std::vector<std::string> suspects(const FlowAssessment& flow, const Flows& flows) {
  std::vector<std::string> found;
  for (const netcheck::Hop& hop : flow.trace.hops) {
    const auto relies = [&](const FlowAssessment& other) {
      return other.observation.observed == Observed::connected &&
             std::ranges::find(other.trace.hops, hop.by, &netcheck::Hop::by) != other.trace.hops.end();
    };
    if (!changeable(hop) || std::ranges::any_of(flows, relies)) continue;
    const std::string name =
        fmt::format("{} {}", hop.kind == netcheck::HopKind::nsg ? "NSG rule" : to_string(hop.kind), hop.by);
    if (std::ranges::find(found, name) == found.end()) found.push_back(name);
  }
  return found;
}

/// Nobody who drops a packet says so: what the file relies on may have changed, or something is not in the file.
Remedy cure_of_silence(const FlowAssessment& flow, const Flows& flows) {
  if (flow.observation.observed == Observed::refused)
    return {fmt::format("A refusal comes from {} itself or a firewall that rejects, not from an NSG or a missing "
                        "peering: see that PostgreSQL runs there and listens on port {}",
                        flow.to, flow.port),
            ""};
  if (flow.observation.observed == Observed::name_not_found)
    return {fmt::format("Make the name of {} resolve from {}: see the findings about names", flow.to, flow.from), ""};
  const std::vector<std::string> likely = suspects(flow, flows);
  const std::string unseen = fmt::format(
      "something between {} and {} stops TCP {} that the file does not show: a guest firewall, an appliance, a "
      "security "
      "admin rule, a route on the far side",
      flow.from, flow.to, flow.port);
  if (likely.empty()) return {"If nothing has changed, " + unseen, ""};
  return {fmt::format("Compare with the real network what the file relies on here: {}. If all of it is as written, {}",
                      fmt::join(likely, ", "), unseen),
          ""};
}

void judge_flow(Findings& findings, const Case& checked, const FlowAssessment& flow, const Flows& flows) {
  switch (flow.observation.observed) {
    case Observed::connected: return judge_connected(findings, checked, flow);
    case Observed::wrong_address:
      return judge_always(findings, checked, rules::live_wrong_address, Outcome::broken,
                          statement(flow, fmt::format("{} is told another address for {} than the scenario means",
                                                      flow.from, flow.to)));
    case Observed::tls_failed:
    case Observed::not_postgres:
      return judge_always(findings, checked, rules::live_speaks_postgres, Outcome::broken,
                          statement(flow, not_connected(flow)));
    case Observed::not_probed: return judge_not_probed(findings, checked, flow);
    case Observed::refused:
    case Observed::timed_out:
    case Observed::unreachable:
    case Observed::name_not_found: break;
  }
  Statement said = statement(flow, not_connected(flow));
  said.remedy = cure_of_silence(flow, flows);
  judge_always(findings, checked, rules::live_flow_connects, Outcome::broken, std::move(said));
}

std::string name_subject(const NameAssessment& name) { return fmt::format("{} from {}", name.name, name.from); }

std::string in_words(const Lookup& lookup) {
  std::string text = fmt::format("{}", fmt::join(lookup.chain, " -> "));
  for (const IpAddress& address : lookup.addresses) text += " -> " + address.to_string();
  return fmt::format("{} ({}{}{})", text.empty() ? lookup.name : text, to_string(lookup.status),
                     lookup.server.empty() ? "" : " by ", lookup.server);
}

/// The lookup as an answer, so that one function says where both lead.
dns::Answer answer_of(const Lookup& lookup) {
  dns::Answer answer{.kind = dns::AnswerKind::addresses, .chain = lookup.chain, .addresses = lookup.addresses};
  if (lookup.status == LookupStatus::nx_domain || lookup.addresses.empty()) answer.kind = dns::AnswerKind::nx_domain;
  return answer;
}

const Server& server_named(const Case& checked, std::string_view name) {
  return dns::name_of(checked.source) == name ? checked.source : checked.target;
}

void judge_name(Findings& findings, const Case& checked, const NameAssessment& name) {
  Statement said{name_subject(name),
                 "",
                 {describe(name.predicted)},
                 name.predicted.location,
                 {{"name", name.name}, {"from", name.from}, {"server", "its name server"}}};
  if (!name.observed) {
    said.message = fmt::format("{} was not asked from {}", name.name, name.from);
    said.remedy =
        Remedy{fmt::format("Run this check where {} stands, or judge on paper alone with --no-live", name.from), ""};
    return judge_always(findings, checked, rules::live_name_resolves, Outcome::undecided, std::move(said));
  }
  said.evidence.push_back(in_words(*name.observed));
  if (!name.observed->server.empty()) said.names.back().second = name.observed->server;
  const Destination destination = destination_of(checked, server_named(checked, name.name));
  const bool leads_there = outcome_of(answer_of(*name.observed), destination) == NameOutcome::leads_there;
  const bool answered = name.observed->status == LookupStatus::answered && !name.observed->addresses.empty();
  said.cause = answered ? "leadsElsewhere" : "notFound";
  const bool paper_agrees = outcome_of(name.predicted, destination) == NameOutcome::leads_there;
  const std::vector<IpAddress> wrong = leads_there ? name.strays : std::vector<IpAddress>{};
  said.message =
      fmt::format("{} {} from {}{}{}", name.name,
                  leads_there ? "resolves to the address that is due"
                  : answered  ? "leads elsewhere"
                              : "does not resolve",
                  name.from, leads_there == paper_agrees ? "" : ", and the file says otherwise",
                  wrong.empty() ? "" : fmt::format(", and to {} too: a connection may go to either", listed(wrong)));
  judge_always(findings, checked, rules::live_name_resolves,
               leads_there && wrong.empty() ? Outcome::holds : Outcome::broken, std::move(said));
}

}  // namespace

void skip_live(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
               const std::vector<NameAssessment>& names) {
  for (const FlowAssessment& flow : flows)
    judge_always(findings, checked, rules::live_flow_connects, Outcome::replaced,
                 {subject_of(flow), "No live probe was asked for"});
  for (const NameAssessment& name : names)
    judge_always(findings, checked, rules::live_name_resolves, Outcome::replaced,
                 {name_subject(name), "No live lookup was asked for"});
}

void judge_observations(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                        const std::vector<NameAssessment>& names) {
  for (const FlowAssessment& flow : flows) {
    judge_flow(findings, checked, flow, flows);
    judge_steps(findings, checked, flow);
  }
  for (const NameAssessment& name : names) judge_name(findings, checked, name);
}

Observation judged_by(const Destination& destination, Observation observation, const Lookup* lookup) {
  observation.observed = observed_of(destination, observation);
  if (!lookup || observation.observed != Observed::connected) return observation;
  const auto wrong = strays(lookup->addresses, destination);
  if (wrong.empty()) return observation;
  observation.observed = Observed::wrong_address;
  observation.detail += fmt::format("{}{} leads to {} too, and the next connection may go there",
                                    observation.detail.empty() ? "" : "; ", lookup->name, listed(wrong));
  return observation;
}

std::vector<IpAddress> strays_of(const Case& checked, const NameAssessment& name) {
  if (!name.observed) return {};
  return strays(name.observed->addresses, destination_of(checked, server_named(checked, name.name)));
}

Observed observed_of(const Destination& destination, const Observation& observation) {
  if (observation.observed != Observed::connected || !observation.address) return observation.observed;
  if (destination.due) return *destination.due == *observation.address ? Observed::connected : Observed::wrong_address;
  return destination.private_due && observation.address->global() ? Observed::wrong_address : Observed::connected;
}

bool made_by_stand_in(const FlowAssessment& flow) {
  return flow.stands_for.empty() && !flow.observation.from.empty() && flow.observation.from != flow.from;
}

}  // namespace pgpassage::scenarios
