#include "app/report_stamp.hpp"

#include <chrono>

#include "app/report/migration_report.hpp"

namespace pgpassage::app {

migrate::Time report_time(const ReportSettings& settings) {
  return settings.time ? migrate::Time{*settings.time} : std::chrono::system_clock::now();
}

Provenance provenance_here(const ReportSettings& settings) {
  const migrate::ProcessIdentity self = migrate::ProcessIdentity::self();
  Provenance provenance;
  provenance.time = utc_text(report_time(settings));
  provenance.host = settings.host.empty() ? self.host : settings.host;
  provenance.account = self.account;
  return provenance;
}

}  // namespace pgpassage::app
