// Cures for what stops a flow beside security groups and routes: network ACLs of AWS, security admin rules, Cloud SQL's
// authorized networks, and routes that a site does not announce.
#include <algorithm>

#include "netcheck/reach/causes.hpp"
#include "netcheck/reach/connection.hpp"
#include "netcheck/reach/filters.hpp"
#include "scenarios/fix/cures.hpp"

namespace pgpassage::scenarios::fix {
namespace {

using netcheck::Hop;
using netcheck::Leg;
namespace cause = netcheck::cause;
using Changes = std::vector<Change>;

bool contains(const std::vector<Cidr>& prefixes, const Cidr& one) {
  return std::ranges::any_of(prefixes, [&](const Cidr& prefix) { return prefix.contains(one); });
}

bool asked_publicly(const Way& way) { return way.to.address && way.to.address->global(); }

/// At the site where the flow starts the far end is where it goes, and the other way round.
AclPassing passing_at(const Way& way, const Hop& hop, const Site& site) {
  const bool starts_here = way.from.site == site.name;
  const bool there = hop.leg == Leg::there;
  AclPassing passing;
  passing.egress = starts_here == there;
  passing.remotes = starts_here ? destination_prefixes(way.topology(), way.to)
                                : source_prefixes(way.topology(), way.from, asked_publicly(way));
  passing.ports = there ? PortRange{way.port, way.port} : netcheck::client_ports;
  passing.protocol = way.protocol;
  return passing;
}

struct AdminRuleAt {
  const SecurityAdminConfiguration* configuration = nullptr;
  const RuleCollection* collection = nullptr;
  const AdminRule* rule = nullptr;
};

/// `by`: "configuration/collection/rule".
AdminRuleAt admin_rule(const Topology& topology, const std::string& by) {
  for (const SecurityAdminConfiguration& configuration : topology.security_admin_configurations)
    for (const RuleCollection& collection : configuration.rule_collections)
      for (const AdminRule& rule : collection.rules)
        if (configuration.name + "/" + collection.name + "/" + rule.name == by)
          return {&configuration, &collection, &rule};
  return {};
}

}  // namespace

Changes cures_of_acl(const Way& way, const Hop& hop) {
  const Site* site = find_site(way.topology(), hop.at);
  if (site == nullptr || !site->network_acls) return {};
  const AclPassing passing = passing_at(way, hop, *site);
  const std::string name = split(split(hop.by, "/").second, "/").first;
  const auto acl = std::ranges::find(*site->network_acls, name, &NetworkAcl::name);
  if (acl == site->network_acls->end() || passing.remotes.empty()) return {};
  auto change = allow_in_acl(*site, *acl, passing);
  return change ? Changes{*std::move(change)} : Changes{};
}

Changes cures_of_admin_rule(const Way& way, const Hop& hop) {
  const AdminRuleAt at = admin_rule(way.topology(), hop.by);
  if (at.rule == nullptr) return {};
  Changes changes;
  const Passing passing = passing_of(way, at.rule->direction);
  if (!passing.sources.empty() && !passing.destinations.empty())
    if (auto allow = allow_in_admin_rules(*at.configuration, *at.collection, *at.rule, passing))
      changes.push_back(*std::move(allow));
  // Its going lets more through, so that it must not win for being one change in place of two.
  if (changes.empty()) changes.push_back(remove_admin_rule(*at.configuration, *at.collection, *at.rule));
  return changes;
}

Changes cures_of_authorized_networks(const Way& way, const Server& server) {
  if (!server.authorized_networks) return {};
  std::vector<Cidr> listed;
  for (const AuthorizedNetwork& network : *server.authorized_networks) listed.push_back(network.value);
  std::vector<Cidr> prefixes = source_prefixes(way.topology(), way.from, asked_publicly(way));
  std::erase_if(prefixes, [&](const Cidr& prefix) { return contains(listed, prefix); });
  return prefixes.empty() ? Changes{} : Changes{authorize_networks(server, way.from.node, prefixes)};
}

Changes cures_of_learned_routes(const Way& way, const Site& site, const std::vector<Cidr>& prefixes) {
  Changes changes;
  for (const netcheck::GatewayWay& over : netcheck::ways_from(way.topology(), site))
    for (const Cidr& prefix : prefixes)
      if (over.connection->learned_routes && contains(site.address_prefixes, prefix) &&
          !contains(*over.connection->learned_routes, prefix))
        changes.push_back(announce(*over.gateway, *over.connection, prefix));
  return changes;
}

}  // namespace pgpassage::scenarios::fix
