#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "netcheck/topology/reading/resolve.hpp"
#include "netcheck/topology/reading/suggest.hpp"
#include "netcheck/topology/reading/tags.hpp"

namespace pgpassage::reading {
namespace {

constexpr std::size_t max_rules = 1000;  // of an NSG, a quota (azure-facts 2.1.13)

class Rules {
 public:
  explicit Rules(Resolving& all) : all_{all} {
    Topology& topology = all.topology;
    for (const std::string& group : topology.application_security_groups) groups_.add(group);
    for (const Server& server : topology.servers)
      for (const std::string& group : server.application_security_groups) groups_.add(group);
    for (const Host& host : topology.hosts)
      for (const std::string& group : host.application_security_groups) groups_.add(group);
    for (const ServiceTag& tag : topology.service_tags) tags_.add(tag.name);
  }

  void resolve(std::string_view noun, SecurityRule& rule) {
    const Owner of = owner(noun, rule);
    resolve_tags(of, rule.source_prefixes, "sourceAddressPrefix");
    resolve_tags(of, rule.destination_prefixes, "destinationAddressPrefix");
    resolve_groups(of, rule.source_groups, "sourceApplicationSecurityGroups");
    resolve_groups(of, rule.destination_groups, "destinationApplicationSecurityGroups");
  }

  void resolve(AdminRule& rule) {
    const Owner of = owner("security admin rule", rule);
    resolve_tags(of, rule.sources, "sources");
    resolve_tags(of, rule.destinations, "destinations");
  }

  void resolve_tag(const Owner& of, AddressPrefix& prefix, std::string_view key, std::size_t index) {
    if (prefix.cidr || prefix.tag == "*" || prefix.tag.empty() || all_.reading.full()) return;
    if (const auto seen = spellings_.find(prefix.tag); seen != spellings_.end() && !seen->second.empty()) {
      prefix.tag = seen->second;
      return;
    }
    std::string spelling = spelling_of(prefix.tag);
    if (spelling.empty()) {
      unknown_tag(of, prefix.tag, key, index);
    } else {
      spellings_.insert_or_assign(prefix.tag, spelling);
      prefix.tag = std::move(spelling);
    }
  }

 private:
  void resolve_tags(const Owner& of, std::vector<AddressPrefix>& prefixes, std::string_view key) {
    for (std::size_t i = 0; i < prefixes.size(); ++i) resolve_tag(of, prefixes[i], key, i);
  }

  /// The tag as the file declares it or as Azure writes it; empty when nobody knows it.
  std::string spelling_of(const std::string& tag) const {
    if (const std::string* declared = tags_.find(tag)) return *declared;
    const std::string_view known = known_tag(tag);
    return known.empty() ? std::string{} : fmt::format("{}{}", known, std::string_view{tag}.substr(known.size()));
  }

  /// Azure adds tags over the years: only one that is nearly another is a mistake.
  void unknown_tag(const Owner& of, const std::string& tag, std::string_view key, std::size_t index) {
    std::string likely;
    if (all_.reading.may_suggest(tags_.size() + 100)) {
      likely = tags_.likely(tag);
      if (likely.empty()) likely = likely_tag(tag);
    }
    const Location single = all_.places.of(of.location, key, index);
    const Location at = single == of.location ? all_.places.of(of.location, fmt::format("{}es", key), index) : single;
    std::string message = fmt::format("unknown service tag {} in {} {}", quoted(tag), of.noun, quoted(of.name));
    if (!likely.empty()) return all_.reading.complain(at, std::move(message), std::move(likely));
    if (spellings_.emplace(tag, std::string{}).second)
      all_.reading.notes.push_back({tag, message + ": what it covers is unknown unless serviceTags lists it", at});
  }

  void resolve_groups(const Owner& of, std::vector<std::string>& groups, std::string_view key) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].empty()) continue;
      if (const std::string* declared = groups_.find(groups[i])) {
        groups[i] = *declared;
      } else {
        groups_.add(groups[i]);  // one note for each is enough
        all_.reading.notes.push_back(
            {groups[i],
             fmt::format("application security group {} is named only in rules: it holds nobody", quoted(groups[i])),
             all_.places.of(of.location, key, i)});
      }
    }
  }

  Resolving& all_;
  Names groups_;
  Names tags_;
  std::unordered_map<std::string, std::string> spellings_;  // of tags already seen; empty: noted as unknown
};

/// Sorts as Azure tries them, and finds what would make the order undecided.
void order(Resolving& all, NetworkSecurityGroup& group) {
  std::array<std::bitset<4097>, 2> taken;
  for (const SecurityRule& rule : group.rules) {
    if (rule.priority < 1 || rule.priority > 4096 || all.reading.broken(rule.location, {"priority", "direction"}))
      continue;
    auto priorities = taken[rule.direction == Direction::inbound ? 0 : 1][static_cast<std::size_t>(rule.priority)];
    if (priorities)
      all.complain(owner("security rule", rule), "priority",
                   fmt::format("priority {} is used twice for {} rules in network security group {}", rule.priority,
                               to_string(rule.direction), quoted(group.name)));
    priorities = true;
  }
  if (group.rules.size() > max_rules)
    all.reading.notes.push_back({group.name,
                                 fmt::format("{} rules in network security group {}; Azure's limit is {}",
                                             group.rules.size(), quoted(group.name), max_rules),
                                 group.location});
  const auto before = [](const SecurityRule& a, const SecurityRule& b) { return a.priority < b.priority; };
  if (!std::is_sorted(group.rules.begin(), group.rules.end(), before))  // as most are written; sorting moves each twice
    std::stable_sort(group.rules.begin(), group.rules.end(), before);
}

}  // namespace

void resolve_rules(Resolving& all) {
  Rules rules{all};
  for (NetworkSecurityGroup& group : all.topology.network_security_groups) {
    for (SecurityRule& rule : group.rules) rules.resolve("security rule", rule);
    order(all, group);
  }
  for (Site& site : all.topology.sites)
    if (site.firewall_rules)
      for (SecurityRule& rule : *site.firewall_rules) rules.resolve("site firewall rule", rule);
  for (SecurityAdminConfiguration& configuration : all.topology.security_admin_configurations)
    for (RuleCollection& collection : configuration.rule_collections)
      for (AdminRule& rule : collection.rules) rules.resolve(rule);
  for (RouteTable& table : all.topology.route_tables)
    for (Route& route : table.routes)
      rules.resolve_tag(owner("route", route), route.prefix, "addressPrefix", Places::no_index);
}

}  // namespace pgpassage::reading
