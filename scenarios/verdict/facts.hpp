#pragma once

#include "scenarios/verdict/flows.hpp"
#include "scenarios/verdict/proposed_rules.hpp"

/// The required facts: what the documents ask for beside the flows. Each function judges the rules of one subject.
namespace pgpassage::scenarios {

void judge_servers(Findings& findings, const Case& checked);         ///< declared access, tiers, regions, retirement
void judge_runtime_server(Findings& findings, const Case& checked);  ///< C06, C07
void judge_subnets(Findings& findings, const Case& checked);         ///< delegation, region (C19), who stands there
/// What a flexible server needs of its subnet.
void judge_delegated_subnets(Findings& findings, const Case& checked, ProposedRules& proposed);
void judge_endpoints(Findings& findings, const Case& checked);  ///< C16, and endpoints that cannot be
/// Public address, firewall, Cloud SQL.
void judge_source(Findings& findings, const Case& checked, ProposedRules& proposed);
void judge_single_server(Findings& findings, const Case& checked);  ///< S08
void judge_zones(Findings& findings, const Case& checked);          ///< C08-C11, S09-4 and their exceptions C14
void judge_dns_customs(Findings& findings, const Case& checked,
                       const std::vector<FlowAssessment>& flows);  ///< C14, C15
void judge_platform_dns(Findings& findings, const Case& checked,
                        const std::vector<FlowAssessment>& flows);  ///< rules that name AzurePlatformDNS
void judge_reminders(Findings& findings, const Case& checked);      ///< what the file has no key for; its notes

/// The servers of the migration, each once: source, target, and the runtime server when one is named.
std::vector<const Server*> servers_of(const Case& checked);

}  // namespace pgpassage::scenarios
