#include <fmt/format.h>

#include <algorithm>

#include "netcheck/topology/reading/kinds.hpp"

// Security admin rules of Azure Virtual Network Manager.
namespace pgpassage::reading {
namespace {

constexpr int highest_priority = 4096;

constexpr Field network_group_fields[] = {
    field<&NetworkGroup::name>("name", required, "Name, unique among network groups"),
    field<&NetworkGroup::static_members>("staticMembers", optional, "Names of virtual networks"),
};

constexpr Field admin_rule_fields[] = {
    field<&AdminRule::name>("name", required, "Name, unique in its collection"),
    field<&AdminRule::priority>("priority", required, "1-4096; the lowest is tried first"),
    field<&AdminRule::direction>("direction", required, "As the connection is opened"),
    field<&AdminRule::access>("access", required, "AlwaysAllow passes by the security groups, Allow does not"),
    field<&AdminRule::protocol>("protocol", required, "* or Any is any"),
    field<&AdminRule::sources>("sources", optional, "Prefixes, addresses or service tags; any when absent"),
    field<&AdminRule::source_ports>("sourcePortRanges", optional, "Any when absent"),
    field<&AdminRule::destinations>("destinations", optional, "Prefixes, addresses or service tags; any when absent"),
    field<&AdminRule::destination_ports>("destinationPortRanges", optional, "Any when absent"),
};

constexpr Field rule_collection_fields[] = {
    field<&RuleCollection::name>("name", required, "Name, unique in its configuration"),
    field<&RuleCollection::applies_to_groups>("appliesToGroups", required, "Names of networkGroups entries"),
    field<&RuleCollection::rules>("rules", required, "The lowest priority is tried first"),
};

constexpr Field configuration_fields[] = {
    field<&SecurityAdminConfiguration::name>("name", required, "Name, unique among these configurations"),
    field<&SecurityAdminConfiguration::rule_collections>("ruleCollections", required, "Rules, and whom they concern"),
};

template <class T>
void any_when_empty(std::vector<T>& values, T any) {
  if (values.empty()) values.push_back(std::move(any));
}

}  // namespace

void finish_admin_rule(Reading& reading, void* object) {
  AdminRule& rule = *static_cast<AdminRule*>(object);
  if (!reading.broken(rule.location) && (rule.priority < 1 || rule.priority > highest_priority))
    reading.complain_at("priority", fmt::format("priority {} of {} is not in 1-{}", rule.priority,
                                                reading.object_name(), highest_priority));
  any_when_empty(rule.sources, {{}, "*"});
  any_when_empty(rule.destinations, {{}, "*"});
  any_when_empty(rule.source_ports, {});
  any_when_empty(rule.destination_ports, {});
}

void finish_rule_collection(Reading&, void* object) {
  auto& rules = static_cast<RuleCollection*>(object)->rules;
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.priority < b.priority; });
}

template <>
const ObjectKind& kind_of<NetworkGroup>() {
  static constexpr ObjectKind kind{"network group", "Virtual networks that Virtual Network Manager treats alike",
                                   network_group_fields};
  return kind;
}
template <>
const ObjectKind& kind_of<AdminRule>() {
  static constexpr ObjectKind kind{
      "security admin rule", "A rule that is tried before security groups", admin_rule_fields, {}, finish_admin_rule};
  return kind;
}
template <>
const ObjectKind& kind_of<RuleCollection>() {
  static constexpr ObjectKind kind{
      "rule collection", "Security admin rules of some groups", rule_collection_fields, {}, finish_rule_collection};
  return kind;
}
template <>
const ObjectKind& kind_of<SecurityAdminConfiguration>() {
  static constexpr ObjectKind kind{"security admin configuration", "Security admin rules that are deployed together",
                                   configuration_fields};
  return kind;
}

}  // namespace pgpassage::reading
