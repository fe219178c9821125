#include "app/report/formats.hpp"

#include "app/report/pipeline_report.hpp"

namespace pgpassage::app {

bool drawn_from_report(Format format) {
  return format == Format::markdown || format == Format::junit || format == Format::sarif;
}

std::string render_report(const Report& report, Format format) {
  if (format == Format::junit) return render_junit(report);
  return format == Format::sarif ? render_sarif(report) : render_markdown(report.document);
}

}  // namespace pgpassage::app
