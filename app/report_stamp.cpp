#include "app/report_stamp.hpp"

#include <chrono>

#include "app/report/migration_report.hpp"

namespace pgpassage::app {

Provenance provenance_here(const ReportSettings& settings) {
  const migrate::ProcessIdentity self = migrate::ProcessIdentity::self();
  Provenance provenance;
  provenance.time = settings.time.empty() ? utc_text(std::chrono::system_clock::now()) : settings.time;
  provenance.host = settings.host.empty() ? self.host : settings.host;
  provenance.account = self.account;
  return provenance;
}

}  // namespace pgpassage::app
