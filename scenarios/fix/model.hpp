#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/fix/change.hpp"
#include "scenarios/verdict/assessment.hpp"

/// A topology with changes made to it, read and judged as a file of that content would be. Pure.
namespace pgpassage::scenarios::fix {

struct Model {
  boost::json::value tree;
  Topology topology;
  Assessment assessment;
};

/// Reads and judges. Fails for what the reader refuses: a change that Azure could not hold.
Result<Model> model_of(boost::json::value tree, std::string_view edition);

/// The operations that make the changes, in order, and the tree afterwards.
struct Changed {
  std::vector<editing::Operation> operations;
  boost::json::value tree;
};
Result<Changed> changed(const boost::json::value& tree, const std::vector<Change>& changes);

}  // namespace pgpassage::scenarios::fix
