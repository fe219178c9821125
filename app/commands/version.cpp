#include "app/version.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const VersionOptions&) {
  const boost::json::object object{
      {"name", "pgpassage"}, {"version", json_string(version)}, {"commit", json_string_or_null(commit)}};
  return finish(common,
                common.format == Format::text ? fmt::format("pgpassage {} (commit {})\n", version, built_from())
                                              : json_text(object),
                ExitCode::success);
}

}  // namespace pgpassage::app
