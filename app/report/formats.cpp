#include "app/report/formats.hpp"

#include "app/report/json_text.hpp"
#include "app/report/pipeline_report.hpp"

namespace pgpassage::app {

bool drawn_from_report(Format format) {
  return format != Format::text && format != Format::json && format != Format::csv;
}

std::string render_report(const Report& report, Format format) {
  switch (format) {
    case Format::json: return json_text(report.json);
    case Format::html: return render_html(report.document);
    case Format::junit: return render_junit(report);
    case Format::sarif: return render_sarif(report);
    default: return render_markdown(report.document);
  }
}

}  // namespace pgpassage::app
