#include <fmt/format.h>

#include <algorithm>

#include "tests/lab/compile.hpp"

// Filters that stand before or beside security groups: security admin rules of VNets, network ACLs of AWS.
namespace pgpassage::lab {
namespace {

/// nft text of a rule whose verdict is another chain's business.
std::string with_verdict(std::string text, const std::string& verdict) {
  for (const char* written : {"counter return", "counter drop"})
    if (const auto at = text.find(written); at != text.npos)
      return text.replace(at, std::string_view{written}.size(), "counter " + verdict);
  return text;
}

SecurityRule as_security_rule(const AdminRule& rule) {
  SecurityRule same;
  same.name = rule.name;
  same.priority = rule.priority;
  same.protocol = rule.protocol;
  same.source_prefixes = rule.sources;
  same.source_ports = rule.source_ports;
  same.destination_prefixes = rule.destinations;
  same.destination_ports = rule.destination_ports;
  return same;
}

struct ManagedRule {
  const SecurityAdminConfiguration* configuration;
  const AdminRule* rule;
};

bool concerns(const Topology& topology, const RuleCollection& collection, const VirtualNetwork& network) {
  return std::ranges::any_of(collection.applies_to_groups, [&](const std::string& name) {
    const NetworkGroup* group = find_network_group(topology, name);
    return group != nullptr && std::ranges::find(group->static_members, network.name) != group->static_members.end();
  });
}

std::vector<ManagedRule> rules_of(const Topology& topology, const VirtualNetwork& network) {
  std::vector<ManagedRule> all;
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations) {
    const auto first = static_cast<std::ptrdiff_t>(all.size());
    for (const RuleCollection& collection : configuration.rule_collections)
      if (concerns(topology, collection, network))
        for (const AdminRule& rule : collection.rules) all.push_back({&configuration, &rule});
    std::stable_sort(all.begin() + first, all.end(),
                     [](const auto& a, const auto& b) { return a.rule->priority < b.rule->priority; });
  }
  return all;
}

std::string entry_text(const NetworkAclEntry& entry, const std::string& owner) {
  std::string text = fmt::format("ip {} {} ", entry.egress ? "daddr" : "saddr", entry.cidr_block.to_string());
  if (entry.protocol == Protocol::icmp) text += "meta l4proto icmp ";
  if (entry.protocol == Protocol::esp) text += "meta l4proto esp ";
  if (entry.protocol == Protocol::ah) text += "meta l4proto ah ";
  if (entry.protocol == Protocol::tcp || entry.protocol == Protocol::udp)
    text += fmt::format("meta l4proto {} th dport {}-{} ", entry.protocol == Protocol::tcp ? "tcp" : "udp",
                        entry.port_range.first, entry.port_range.last);
  return text + fmt::format("counter {} comment \"{}/{}\"", entry.rule_action == Access::allow ? "return" : "drop",
                            owner, entry.rule_number);
}

std::string acl_chain(const std::string& name, const NetworkAcl& acl, bool egress, const std::string& owner) {
  std::string text = fmt::format("  chain {} {{\n", name);
  for (const NetworkAclEntry& entry : acl.entries)
    if (entry.egress == egress && entry.cidr_block.address().family() == IpAddress::Family::ipv4)
      text += "    " + entry_text(entry, owner) + "\n";
  return text + fmt::format("    counter drop comment \"{}/*\"\n  }}\n", owner);
}

std::string set_text(const std::vector<Cidr>& prefixes) {
  std::string text;
  for (const Cidr& prefix : disjoint(prefixes)) text += (text.empty() ? "{ " : ", ") + prefix.to_string();
  return text.empty() ? text : text + " }";
}

}  // namespace

std::vector<std::string> admin_rule_texts(const Topology& topology, const Layout& layout, const VirtualNetwork& network,
                                          Direction direction, const std::string& groups_chain,
                                          std::string_view tag_set, Notes& not_raised) {
  std::vector<std::string> texts;
  for (const auto& [configuration, rule] : rules_of(topology, network)) {
    if (rule->direction != direction) continue;
    const std::string verdict = rule->access == AdminRuleAccess::deny    ? "drop"
                                : rule->access == AdminRuleAccess::allow ? "goto " + groups_chain
                                                                         : "return";
    for (std::string& text :
         rule_text(topology, layout, as_security_rule(*rule), configuration->name, tag_set, not_raised))
      texts.push_back(with_verdict(std::move(text), verdict));
  }
  if (!texts.empty()) texts.push_back("goto " + groups_chain);
  return texts;
}

AclChains network_acl_chains(const Site& site, Notes& not_raised) {
  AclChains result;
  if (!site.network_acls) return result;
  std::vector<Cidr> covered;
  int made = 0;
  const auto add = [&](const NetworkAcl& acl, const std::string& subnet, const std::string& others) {
    const std::string in = fmt::format("acl{}_in", made), out = fmt::format("acl{}_out", made);
    ++made;
    const std::string owner = safe(site.name) + "/" + safe(acl.name);
    result.chains += acl_chain(in, acl, false, owner) + acl_chain(out, acl, true, owner);
    result.leaving.push_back(fmt::format("ip saddr {} ip daddr {} jump {}", subnet, others, out));
    result.entering.push_back(fmt::format("ip daddr {} ip saddr {} jump {}", subnet, others, in));
  };
  const NetworkAcl* fallback = nullptr;
  for (const NetworkAcl& acl : *site.network_acls) {
    if (acl.is_default) fallback = &acl;
    for (const Cidr& prefix : disjoint(acl.associations)) {
      covered.push_back(prefix);
      add(acl, prefix.to_string(), "!= " + prefix.to_string());
    }
  }
  if (fallback == nullptr) {
    not_raised.push_back(fmt::format("site {}: addresses that no network ACL covers have none in the lab", site.name));
    return result;
  }
  // Whether two addresses under the default ACL share a subnet is not in the file; in the lab they do.
  for (const Cidr& prefix : disjoint(site.address_prefixes)) {
    const auto uncovered = [&](const char* field) {
      return prefix.to_string() + (covered.empty() ? "" : fmt::format(" ip {} != {}", field, set_text(covered)));
    };
    const std::string in = fmt::format("acl{}_in", made), out = fmt::format("acl{}_out", made);
    ++made;
    const std::string owner = safe(site.name) + "/" + safe(fallback->name);
    result.chains += acl_chain(in, *fallback, false, owner) + acl_chain(out, *fallback, true, owner);
    const auto add_default = [&](std::vector<std::string>& jumps, const char* near, const char* far,
                                 const std::string& chain) {
      jumps.push_back(fmt::format("ip {} {} ip {} != {} jump {}", near, uncovered(near), far,
                                  set_text(site.address_prefixes), chain));
      if (!covered.empty())
        jumps.push_back(fmt::format("ip {} {} ip {} {} jump {}", near, uncovered(near), far, set_text(covered), chain));
    };
    add_default(result.leaving, "saddr", "daddr", out);
    add_default(result.entering, "daddr", "saddr", in);
  }
  return result;
}

}  // namespace pgpassage::lab
