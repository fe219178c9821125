#pragma once

#include <string>
#include <utility>
#include <vector>

#include "netcheck/topology/topology.hpp"
#include "scenarios/verdict/assessment.hpp"

/// What a picture of a topology shows, before it has places: the networks, what stands in them, and what joins them.
/// Pure.
namespace pgpassage::app {

/// A server, host, private endpoint, appliance, gateway or DNS server.
struct Station {
  std::string name;
  std::string detail;  ///< "onPremises 192.168.4.20"
};

/// A subnet; or, without a name, what stands in an area outside of any subnet.
struct Block {
  std::string name;
  std::string detail;
  std::vector<Station> stations;
};

/// A virtual network, a site, or the Internet.
struct Area {
  enum class Kind { internet, site, network };
  Kind kind = Kind::network;
  std::string name;
  std::string detail;
  std::vector<Block> blocks;
};

/// One end of a line: an area, or a station in it.
struct Port {
  std::size_t area = 0;
  std::string station;  ///< empty: the area itself
};

/// A hop that stops a flow or leaves it undecided. `number` is what the picture shows.
struct Stop {
  std::size_t number = 0;
  std::size_t flow = 0;  ///< index into the assessment's
  const netcheck::Hop* hop = nullptr;
};

/// What joins two or more places with one line.
struct Link {
  enum class Kind { peering, broken_peering, connection, broken_connection, flow };
  Kind kind = Kind::peering;
  std::vector<Port> ports;                                       ///< a flow's: start and end of one part of its way
  netcheck::Predicted predicted = netcheck::Predicted::unknown;  ///< of a flow
  bool begins = false, arrives = false;                          ///< of a flow's part: its first, its last
  std::vector<std::pair<std::size_t, std::size_t>> stops;        ///< of a flow: which port, number of the Stop
};

struct Scene {
  std::vector<Area>
      areas;  ///< in the order in which they are laid out: the Internet, sites, the migration's VNets first
  std::vector<Link> links;
  std::vector<Stop> stops;
};

/// `assessment` refers to hops that the scene points at: it must outlive the scene.
Scene scene_of(const Topology& topology, const scenarios::Assessment& assessment);

}  // namespace pgpassage::app
