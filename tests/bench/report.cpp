// How long 10,000 findings take to be written in each format, half of them waived: `bench_report`. Prints processor
// time, and beside it what plain serializing of the same JSON takes.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ctime>

#include "app/report/check_text.hpp"
#include "app/report/formats.hpp"
#include "app/report/readiness_report.hpp"
#include "scenarios/rules/catalogue.hpp"

namespace {

using namespace pgpassage;
using namespace pgpassage::app;

constexpr int findings = 10'000;

scenarios::Assessment large_assessment(WaiversUsed& waivers) {
  scenarios::Assessment assessment;
  assessment.edition = "2025-02";
  assessment.verdict = scenarios::Verdict::not_ready;
  const auto rules = scenarios::all_rules();
  for (int i = 0; i < findings; ++i) {
    const scenarios::CatalogueRule& rule = rules[static_cast<std::size_t>(i) % rules.size()];
    Finding finding{.rule = &rule.rule,
                    .status = i % 2 == 0 ? Status::waived : Status::failed,
                    .subject = fmt::format("nsg-{}/rule-{}", i / 100, i),
                    .message = fmt::format("orders-runtime cannot reach orders-target on port {}", i),
                    .evidence = {"there, snet-runtime: nsg deny by nsg-runtime/deny-all-out (line 31)",
                                 "there, snet-runtime: route forward by system route 10.20.0.0/16"},
                    .remedy = rule.remedy,
                    .location = {i + 1, 9},
                    .cite = {}};
    if (finding.status == Status::waived)
      waivers.accepted.push_back({{rule.rule.id, finding.subject, "accepted", "network team",
                                   std::chrono::year{2025} / 6 / 30, Location{i + 1, 3}},
                                  Status::warning});
    assessment.findings.push_back(std::move(finding));
  }
  return assessment;
}

template <class Work>
void measure(const char* name, Work work) {
  const std::clock_t start = std::clock();
  const std::size_t bytes = work().size();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  fmt::print("{:<22} {:>6.2f} s of processor time, {:>6.1f} MB\n", name, seconds, static_cast<double>(bytes) / 1e6);
}

}  // namespace

int main() {
  Subject subject{"contoso.yaml", std::string(64, 'a'), "contoso", "orders", "source", "target", "runtime", true, {}};
  subject.waivers = {"waivers.yaml", std::string(64, 'b'), {}};
  const scenarios::Assessment assessment = large_assessment(subject.waivers);
  const auto report = [&] { return readiness_report(assessment, subject, {}, {}); };
  fmt::print("{} findings\n", findings);
  measure("serializing the JSON", [&] { return boost::json::serialize(report().json); });
  measure("text", [&] { return render_text(assessment, subject, {}, Depth::full); });
  for (const auto& [name, format] :
       {std::pair{"json", Format::json}, std::pair{"markdown", Format::markdown}, std::pair{"html", Format::html},
        std::pair{"junit", Format::junit}, std::pair{"sarif", Format::sarif}})
    measure(name, [&, format = format] { return render_report(report(), format); });
  return 0;
}
