#include <fmt/format.h>

#include <algorithm>

#include "scenarios/rules/catalogue.hpp"
#include "scenarios/rules/rules.hpp"
#include "scenarios/verdict/verdict.hpp"
#include "scenarios/waivers/waivers.hpp"

namespace pgpassage::scenarios {
namespace {

bool not_in_order(Status status) {
  return status == Status::failed || status == Status::warning || status == Status::unknown;
}

bool needed(const Finding& finding) {
  const CatalogueRule* rule = find_rule(finding.rule->id);
  return rule == nullptr || rule->grade == Grade::needed;
}

/// What the catalogue says, and the waiver's own words as evidence.
Finding about(std::string_view name, std::string subject, std::string message, Location location) {
  const CatalogueRule& rule = *find_rule(name);
  return {.rule = &rule.rule,
          .status = Status::warning,
          .subject = std::move(subject),
          .message = std::move(message),
          .evidence = {},
          .remedy = rule.remedy,
          .location = location,
          .cite = {}};
}

Finding about(std::string_view name, const Waiver& waiver, std::string message) {
  Finding finding = about(name, fmt::format("{} {}", waiver.rule, waiver.subject), std::move(message), waiver.location);
  finding.evidence.push_back(
      fmt::format("owner {}, until {}: {}", waiver.owner, to_string(waiver.expiry), waiver.reason));
  return finding;
}

Finding about(const MalformedWaiver& entry) {
  Finding finding =
      about(rules::waiver_malformed, fmt::format("waiver in line {}", entry.location.line),
            "This entry of the file of waivers waives nothing: " + entry.errors.front().message, entry.location);
  for (const auto& [location, message, suggestion] : entry.errors)
    finding.evidence.push_back(fmt::format("{}:{}: {}{}", location.line, location.column, message,
                                           suggestion.empty() ? "" : "; " + suggestion));
  return finding;
}

/// What a waiver met.
struct Met {
  int waived = 0;
  int refused = 0;
};

class Applying {
 public:
  explicit Applying(std::vector<Finding>& findings) : findings_{findings} {}

  Met apply(const Waiver& waiver) {
    Met met;
    for (Finding& finding : findings_) {
      if (finding.rule->id != waiver.rule || finding.subject != waiver.subject) continue;
      if (finding.status == Status::waived) ++met.waived;  // by another waiver of the same
      if (!not_in_order(finding.status)) continue;
      if (needed(finding)) {
        ++met.refused;
        continue;
      }
      ++met.waived;
      accepted_.push_back({waiver, finding.status});
      finding.status = Status::waived;
    }
    return met;
  }

  std::vector<Acceptance> take() { return std::move(accepted_); }

 private:
  std::vector<Finding>& findings_;
  std::vector<Acceptance> accepted_;
};

std::string nothing_met(const std::vector<Finding>& findings, const Waiver& waiver) {
  const bool there = std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.rule->id == waiver.rule && finding.subject == waiver.subject;
  });
  return there ? "There is nothing to waive: it is in order, or was not checked"
               : "Nothing of this rule and subject was found, so nothing is waived";
}

}  // namespace

std::vector<Acceptance> apply_waivers(Assessment& assessment, const WaiverFile& file, std::chrono::sys_days today) {
  Applying applying{assessment.findings};
  std::vector<Finding> about_them;
  for (const MalformedWaiver& entry : file.malformed) about_them.push_back(about(entry));
  for (const Waiver& waiver : file.waivers) {
    if (std::chrono::sys_days{waiver.expiry} < today) {
      about_them.push_back(about(rules::waiver_expired, waiver, "It held until " + to_string(waiver.expiry)));
      continue;
    }
    const Met met = applying.apply(waiver);
    if (met.refused > 0)
      about_them.push_back(about(rules::waiver_refused, waiver, "Packets need this: it cannot be accepted away"));
    if (met.refused == 0 && met.waived == 0)
      about_them.push_back(about(rules::waiver_unused, waiver, nothing_met(assessment.findings, waiver)));
  }
  std::ranges::move(about_them, std::back_inserter(assessment.findings));
  conclude(assessment);
  return applying.take();
}

bool about_waivers(const Finding& finding) { return finding.rule->id.starts_with("WAV"); }

std::string to_string(std::chrono::year_month_day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace pgpassage::scenarios
