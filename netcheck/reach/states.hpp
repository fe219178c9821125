#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "netcheck/reach/routes.hpp"
#include "netcheck/topology/topology.hpp"

/// The effective state of every subnet, computed once and then asked for by every flow.
namespace pgpassage::netcheck {

/// A security admin rule that concerns a VNet.
struct AppliedAdminRule {
  const SecurityAdminConfiguration* configuration = nullptr;
  const RuleCollection* collection = nullptr;
  const AdminRule* rule = nullptr;
};

/// Keeps what it has computed. The topology must outlive it and may not change meanwhile.
/// Without `compute_all` a state is computed when it is first asked for, and one thread may ask; after it, many may.
class EffectiveStates {
 public:
  explicit EffectiveStates(const Topology& topology);
  EffectiveStates(const EffectiveStates&) = delete;
  EffectiveStates& operator=(const EffectiveStates&) = delete;

  const Topology& topology() const { return topology_; }

  /// `subnet` may be null: a place in the VNet that the file does not list. The reference lives as long as this does.
  const SubnetState& of(const VirtualNetwork& network, const Subnet* subnet,
                        UserRoutes user_routes = UserRoutes::apply) const;
  /// Every state that `of` can be asked for. Time and memory grow with the number of effective routes.
  void compute_all() const;

  /// The admin rules of a VNet in the order in which they are tried: configurations as the file has them, and in each
  /// the lowest priority number first.
  const std::vector<AppliedAdminRule>& admin_rules(const VirtualNetwork& network) const;

  /// As find_virtual_network and find_subnet, without searching the list of VNets.
  const VirtualNetwork* network(std::string_view name) const;
  const Subnet* subnet(std::string_view network, std::string_view subnet) const;
  const std::vector<const PrivateEndpoint*>& endpoints_in(const VirtualNetwork& network) const;
  /// As find_route_table and find_network_security_group.
  const RouteTable* route_table(std::string_view name) const;
  const NetworkSecurityGroup* security_group(std::string_view name) const;

 private:
  using Key = std::pair<const VirtualNetwork*, std::pair<const Subnet*, UserRoutes>>;

  const Topology& topology_;
  std::unordered_map<std::string_view, const VirtualNetwork*> networks_;
  std::unordered_map<std::string_view, const RouteTable*> route_tables_;
  std::unordered_map<std::string_view, const NetworkSecurityGroup*> security_groups_;
  std::unordered_map<std::string_view, std::vector<const PrivateEndpoint*>> endpoints_;
  std::unordered_map<std::string_view, std::vector<AppliedAdminRule>> admin_rules_;
  mutable std::map<Key, std::unique_ptr<SubnetState>> states_;
};

}  // namespace pgpassage::netcheck
