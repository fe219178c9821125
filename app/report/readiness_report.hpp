#pragma once

#include "app/report/document.hpp"
#include "app/report/provenance.hpp"
#include "app/report/subject.hpp"
#include "scenarios/verdict/assessment.hpp"

namespace pgpassage::app {

/// What was probed, and from which place of the file.
std::vector<Fact> probes_of(const scenarios::Assessment& assessment);

/// The report of `check FILE` and `report FILE`, with everything the assessment holds. Pure.
Report readiness_report(const scenarios::Assessment& assessment, const Subject& subject, const Topology& topology,
                        const Provenance& provenance);

}  // namespace pgpassage::app
