#pragma once

#include <string>
#include <unordered_map>

#include "scenarios/verdict/flows.hpp"
#include "scenarios/verdict/proposed_rules.hpp"

/// Warnings about what is probably not meant, wherever in the file it stands. None of them keeps a topology from being
/// ready. A rule that finds nothing passes once, if the file has anything that it is about.
namespace pgpassage::scenarios {

/// Where the findings of a rule about a subject stand: an estate gets hundreds of thousands of warnings.
using FindingPlaces = std::unordered_multimap<std::string, std::size_t>;

/// What the lint rules found, before it is put in order.
struct Lint {
  Findings& findings;
  FindingPlaces& places;
  const Case& checked;
  ProposedRules& proposed;

  void say(std::string_view rule, Outcome outcome, Statement statement) const;
  void warn(std::string_view rule, Statement statement) const { say(rule, Outcome::broken, std::move(statement)); }
  /// "None of 12 security rules ..." unless a finding of the rule is there already, or `count` is 0.
  void pass(std::string_view rule, std::size_t count, std::string_view noun) const;
};

void lint_security_rules(const Lint& lint);   ///< shadowed, restricting nothing, denying a widened tag
void lint_routes(const Lint& lint);           ///< default routes into nothing
void lint_gateway_subnets(const Lint& lint);  ///< reserved names, and what GatewaySubnet must not have
void lint_address_spaces(const Lint& lint);   ///< networks that meet and overlap
void lint_unused(const Lint& lint);           ///< groups, tables and zones that nobody uses
void lint_limits(const Lint& lint);           ///< Azure's published limits
void lint_names(const Lint& lint);            ///< zones, records and forwarding rules

/// All of them. Objects on the way of a required flow come first; the evidence says so of the others.
void judge_lint(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                ProposedRules& proposed);

/// The places where a security group is used: subnets, and the networks of those, of servers and of hosts.
struct Uses {
  std::vector<const VirtualNetwork*> networks;  ///< each once
  std::vector<const Subnet*> subnets;
};
/// By the group's name; a group that nobody uses is not in it.
using UsesOfGroups = std::unordered_map<std::string_view, Uses>;
UsesOfGroups uses_of_groups(const Topology& topology);

/// The user route for 0.0.0.0/0 of a table, or null.
const Route* default_route(const RouteTable* table);

}  // namespace pgpassage::scenarios
