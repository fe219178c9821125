#pragma once

#include <string>
#include <vector>

#include "netcheck/reach/trace.hpp"
#include "netcheck/topology/topology.hpp"
#include "tests/naive/agreement.hpp"

/// The questions that both are asked about one topology, and where their answers differ.
namespace pgpassage::naive {

struct FlowPair {
  std::string from;
  std::string to;
  Port port = 5432;
  Protocol protocol = Protocol::tcp;
};

/// All nodes of a topology and some addresses that are none, each to each.
std::vector<FlowPair> flows_of(const Topology& topology);

/// "allowed" or "denied"; empty where it depends on what the file does not say.
Saying naive_saying(const Topology& topology, const FlowPair& flow);
Saying product_saying(const Topology& topology, const FlowPair& flow);

/// A name, asked from a node.
struct NamePair {
  std::string from;
  std::string name;
};

/// Every name that the file knows, and some that it does not, from every place.
std::vector<NamePair> names_of(const Topology& topology);

/// The addresses, or "none"; empty where it depends on what the file does not say.
Saying naive_saying(const Topology& topology, const NamePair& pair);
Saying product_saying(const Topology& topology, const NamePair& pair);
std::string evidence_of(const Topology& topology, const NamePair& pair);

/// Every hop of the product's trace, one a line.
std::string evidence_of(const Topology& topology, const FlowPair& flow);

}  // namespace pgpassage::naive
