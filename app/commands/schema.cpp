#include "netcheck/topology/schema.hpp"

#include "app/commands/commands.hpp"
#include "app/output.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const SchemaOptions&) {
  return finish(common, topology_json_schema(), ExitCode::success);
}

}  // namespace pgpassage::app
