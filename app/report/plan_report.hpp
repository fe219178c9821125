#pragma once

#include <string>

#include "app/report/text_style.hpp"
#include "migrate/engine/dry_run.hpp"

/// `migrate --dry-run`: what a migration would do, for people and for scripts. Pure.
namespace pgpassage::app {

struct PlanReport {
  std::string source, target;    ///< as they are shown: "host:port"
  bool network_checked = false;  ///< false is said
  migrate::DryRun plan;
};

/// The sum in one sentence; then, per database, the largest tables, indexes and constraints, and what would begin
/// when. Long lists say how much they leave out: the JSON has all.
std::string render_plan_text(const PlanReport& report, const TextStyle& style);
std::string render_plan_json(const PlanReport& report);

}  // namespace pgpassage::app
