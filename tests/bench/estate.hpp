#pragma once

#include <string>

/// A large made-up estate as JSON, for benches: the same for the same numbers on every machine.
namespace pgpassage::bench {

struct EstateSize {
  int groups = 20;     ///< hubs, each with its spokes, its firewall and its VPN gateway to a site of its own
  int networks = 500;  ///< of each group, the hub among them
  int rules = 25;      ///< of the security group of each subnet
  bool dense = false;  ///< hubs are all peered, every spoke routes by its firewall: everything is mutually routed
  unsigned seed = 1;
};

/// VNets of four subnets each; every subnet but a GatewaySubnet has a security group of its own, and half of the spokes
/// (all when dense) a route table of their own that leads to the firewall of the hub. Two servers in each group.
std::string estate_json(const EstateSize& size);

}  // namespace pgpassage::bench
