#pragma once

#include "app/options.hpp"

/// What `report` does beside writing one.
namespace pgpassage::app {

/// `report --check-signature FILE`: 0 when every byte is as it was signed, by the trusted key where one is given; 1
/// when not.
int check_signature(const CommonOptions& common, const ReportOptions& options);

/// `report --diff A B`: 1 when something got worse or a failure came, 3 when only something undecided came, else 0.
int compare_reports(const CommonOptions& common, const ReportOptions& options);

}  // namespace pgpassage::app
