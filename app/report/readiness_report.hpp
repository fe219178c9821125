#pragma once

#include "app/report/document.hpp"
#include "app/report/subject.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// The report of `check FILE` and `report FILE`, with everything the assessment holds. Pure.
Report readiness_report(const scenarios::Assessment& assessment, const Subject& subject, const Topology& topology);

}  // namespace pgpassage::app
