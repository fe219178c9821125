#include "app/version.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const VersionOptions&) {
  if (common.format == Format::text) return finish(common, fmt::format("pgpassage {}\n", version), ExitCode::success);
  return finish(common, json_text(boost::json::object{{"name", "pgpassage"}, {"version", json_string(version)}}),
                ExitCode::success);
}

}  // namespace pgpassage::app
