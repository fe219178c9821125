#include "scenarios/fix/model.hpp"

#include <boost/json.hpp>

#include "netcheck/topology/reader.hpp"

namespace pgpassage::scenarios::fix {

Result<Model> model_of(boost::json::value tree, std::string_view edition) {
  auto topology = read_topology(boost::json::serialize(tree), TopologyFormat::json);
  if (!topology) return fail(Errc::input, "{}", topology.error().front().message);
  auto assessment = assess(*topology, edition);
  if (!assessment) return tl::unexpected(assessment.error());
  return Model{std::move(tree), *std::move(topology), *std::move(assessment)};
}

Result<Changed> changed(const boost::json::value& tree, const std::vector<Change>& changes) {
  Changed result{{}, tree};
  for (const Change& change : changes)
    for (const editing::Edit& edit : change.edits) {
      auto operation = editing::operation_for(result.tree, edit);
      if (!operation) return tl::unexpected(operation.error());
      editing::apply(result.tree, *operation);
      result.operations.push_back(*std::move(operation));
    }
  return result;
}

}  // namespace pgpassage::scenarios::fix
