#include "scenarios/fix/fix.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/output.hpp"
#include "app/report/fix_report.hpp"
#include "app/report/json_text.hpp"
#include "app/topology_file.hpp"
#include "netcheck/topology/reader.hpp"
#include "scenarios/fix/patch.hpp"

namespace pgpassage::app {
namespace {

using scenarios::fix::Fix;
using scenarios::fix::Outcome;

ExitCode exit_code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::nothing_to_do:
    case Outcome::fixed: return ExitCode::success;
    case Outcome::inconclusive: return ExitCode::inconclusive;
    case Outcome::not_fixable:
    case Outcome::unsupported: return ExitCode::failed;
  }
  return ExitCode::internal;
}

/// patch and git refuse to follow a path out of the folder where they stand: such a file is named alone.
std::string path_in_patch(const std::string& path) {
  if (path == "-") return "topology.yaml";
  const auto normal = std::filesystem::path{path}.lexically_normal();
  const bool outside = normal.is_absolute() || normal.string().starts_with("..");
  return (outside ? normal.filename() : normal).string();
}

FixPatch patch_for(const TopologyFile& file, const Fix& fix) {
  if (format_of(file.text) == TopologyFormat::json)
    return {true, fix.operations.empty() ? std::string{} : json_text(editing::patch_of(fix.operations))};
  if (fix.operations.empty()) return {false, std::string{}};
  return {false, scenarios::fix::patch_of(file.text, fix, path_in_patch(file.path))};
}

}  // namespace

int run(const CommonOptions& common, const FixOptions& options) {
  const auto file = open_migration_topology(options.file, "fix");
  if (!file) return tell(common, file.error());
  const auto tree = editing::tree_of(file->text);
  if (!tree) return tell(common, tree.error());
  const auto fix = scenarios::fix::fix_of(*tree, edition_for(file->topology, options.edition));
  if (!fix) return tell(common, fix.error());
  const FixPatch patch = patch_for(*file, *fix);
  const ExitCode code = exit_code_of(fix->outcome);
  if (options.patch) {
    if (!patch.text) return tell(common, patch.text.error());
    if (code != ExitCode::success && !common.quiet)
      std::cerr << fmt::format("{}: {}: the migration {} with this patch; run without --patch for the reasons\n",
                               options.file, to_string(fix->outcome),
                               code == ExitCode::inconclusive ? "cannot be judged" : "cannot cross");
    return finish(common, *patch.text, code);
  }
  const Subject subject = subject_of(file->topology, options.file, file->sha256, false);
  return finish(common,
                common.format == Format::json ? render_fix_json(*fix, patch, subject)
                                              : render_fix_text(*fix, patch, subject, result_style(common)),
                code);
}

}  // namespace pgpassage::app
