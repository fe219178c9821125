#include "scenarios/verdict/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pgpassage::scenarios {
namespace {

/// "nsg-runtime" of "nsg-runtime/deny-all-out" and of "nsg-runtime Outbound".
std::string object_of(std::string_view path) { return std::string{path.substr(0, path.find_first_of("/ :"))}; }

/// The objects that decided something about a required flow, and the subnets where they did.
std::set<std::string> on_the_way(const std::vector<FlowAssessment>& flows) {
  std::set<std::string> names;
  for (const FlowAssessment& flow : flows) {
    names.insert({flow.from, flow.to});
    for (const netcheck::Hop& hop : flow.trace.hops) {
      names.insert(object_of(hop.by));
      names.insert(hop.at);
    }
  }
  return names;
}

}  // namespace

/// judge() compares with all that it is given, so it is given what alone could be the same.
void Lint::say(std::string_view rule, Outcome outcome, Statement statement) const {
  const std::string key = fmt::format("{} {}", rule, statement.subject);
  const auto [first, last] = places.equal_range(key);
  Findings alike;
  for (auto place = first; place != last; ++place) alike.push_back(std::move(findings[place->second]));
  const std::size_t before = alike.size();
  judge(alike, checked, rule, outcome, std::move(statement));
  std::size_t next = 0;
  for (auto place = first; place != last; ++place) findings[place->second] = std::move(alike[next++]);
  if (alike.size() == before) return;
  places.emplace(key, findings.size());
  findings.push_back(std::move(alike.back()));
}

void Lint::pass(std::string_view rule, std::size_t count, std::string_view noun) const {
  const auto same = [&](const Finding& finding) { return finding.rule->name == rule; };
  if (count == 0 || std::ranges::any_of(findings, same)) return;
  judge(findings, checked, rule, Outcome::holds,
        {checked.topology.name, fmt::format("Nothing to warn of; {} looked at: {}", noun, count)});
}

const Route* default_route(const RouteTable* table) {
  if (!table) return nullptr;
  const auto found = std::ranges::find_if(table->routes, [](const Route& route) {
    return route.prefix.cidr && route.prefix.cidr->length() == 0 &&
           route.prefix.cidr->address().family() == IpAddress::Family::ipv4;
  });
  return found == table->routes.end() ? nullptr : &*found;
}

void judge_lint(Findings& findings, const Case& checked, const std::vector<FlowAssessment>& flows,
                ProposedRules& proposed) {
  Findings found;
  FindingPlaces places;
  const Lint lint{found, places, checked, proposed};
  lint_security_rules(lint);
  lint_routes(lint);
  lint_gateway_subnets(lint);
  lint_address_spaces(lint);
  lint_unused(lint);
  lint_limits(lint);
  lint_names(lint);
  const std::set<std::string> way = on_the_way(flows);
  const auto beside = [&](const Finding& finding) {
    const std::size_t last = finding.subject.rfind('/') + 1;  // npos + 1: the whole
    return finding.status == Status::warning && !way.contains(object_of(finding.subject)) &&
           !way.contains(finding.subject.substr(last));
  };
  for (Finding& finding : found)
    if (beside(finding)) finding.evidence.emplace_back("not on the way of any required flow");
  std::stable_partition(found.begin(), found.end(), [&](const Finding& finding) { return !beside(finding); });
  std::ranges::move(found, std::back_inserter(findings));
}

}  // namespace pgpassage::scenarios
