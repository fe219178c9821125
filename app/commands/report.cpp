#include <fmt/format.h>

#include <filesystem>

#include "app/assess_file.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/report_commands.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/formats.hpp"
#include "app/report/migration_document.hpp"
#include "app/report/migration_report.hpp"
#include "app/report_stamp.hpp"
#include "app/signing/signature.hpp"

namespace pgpassage::app {
namespace {

/// A name of a migration has no dot, so what has one is a file that is missing.
bool is_file(const std::string& subject) {
  std::error_code unreadable;
  return subject == "-" || subject.find('.') != subject.npos || std::filesystem::exists(subject, unreadable);
}

/// The topology file as it was when the migration began.
Provenance provenance_of(const migrate::MigrationRecord& record, const ReportSettings& settings) {
  Provenance provenance = provenance_here(settings);
  if (!record.request.topology_file.empty())
    provenance.inputs.push_back({"topology", record.request.topology_file, record.request.topology_sha256});
  provenance.edition = record.request.edition;
  return provenance;
}

ExitCode exit_code_of(migrate::State state) {
  switch (state) {
    case migrate::State::succeeded: return ExitCode::success;
    case migrate::State::failed:
    case migrate::State::validation_failed: return ExitCode::failed;
    case migrate::State::canceled: return ExitCode::canceled;
    case migrate::State::in_progress:
    case migrate::State::waiting_for_user_action: break;
  }
  return ExitCode::inconclusive;  // it has not ended
}

struct Written {
  std::string text;
  ExitCode code = ExitCode::internal;
};

tl::expected<Written, int> migration_report_of(const CommonOptions& common, const ReportOptions& options) {
  auto ledger = open_ledger(common);
  if (!ledger) return tl::unexpected(ledger.error());
  const auto detail = detail_of(common, *ledger, options.subject);
  if (!detail) return tl::unexpected(detail.error());
  const migrate::Time now = report_time(options.report);
  const Provenance provenance = provenance_of(detail->migration, options.report);
  std::string text = common.format == Format::text
                         ? render_migration_report_text(*detail, now, result_style(common)) +
                               provenance_text(provenance, result_style(common))
                         : render_report(migration_report(*detail, now, provenance), common.format);
  return Written{std::move(text), exit_code_of(detail->migration.stage.state)};
}

tl::expected<Written, int> readiness_report_of(const CommonOptions& common, const ReportOptions& options) {
  const AssessmentRequest request{
      options.subject, options.edition, options.live,   options.time_limit.value_or(std::chrono::seconds{10}),
      options.report,  options.agent,   options.waivers};
  const auto assessed = assess_file(common, request, "report");
  if (!assessed) return tl::unexpected(assessed.error());
  return Written{render_assessment(common, *assessed, request, Depth::full), exit_code(assessed->assessment.verdict)};
}

/// What only a topology file can be asked.
std::optional<Error> misplaced_option(const ReportOptions& options) {
  const bool waivers = !options.waivers.file.empty() || options.waivers.ignored;
  if (options.edition.empty() && options.live && !options.time_limit && !waivers) return std::nullopt;
  return Error{Errc::input,
               "--edition, --no-live, --time-limit, --waivers and --no-waivers need a topology file",
               {},
               fmt::format("'{}' is taken for the name of a migration", options.subject)};
}

/// The report first: a signature that is older than its report does not fit it, which anybody can see.
int finish_signed(const CommonOptions& common, const Written& written, const SigningKey& key) {
  const Result<std::string> signature = signature_of(written.text, key);
  if (!signature) return tell(common, signature.error());
  CommonOptions beside = common;
  beside.output = signature_path_of(common.output);
  if (const Result<void> done = write_result(common, written.text); !done) return tell(common, done.error());
  return finish(beside, *signature, written.code);
}

}  // namespace

int run(const CommonOptions& common, const ReportOptions& options) {
  if (!options.check_signature.empty()) return check_signature(common, options);
  if (!options.compared.empty()) return compare_reports(common, options);
  Result<SigningKey> key;  // before the work whose result it signs
  if (!options.sign_key.empty()) key = read_private_key(options.sign_key, options.passphrase_file);
  if (!key) return tell(common, key.error());
  const bool file = is_file(options.subject);
  if (const auto misplaced = misplaced_option(options); misplaced && !file) return tell(common, *misplaced);
  const auto written = file ? readiness_report_of(common, options) : migration_report_of(common, options);
  if (!written) return written.error();
  return *key ? finish_signed(common, *written, *key) : finish(common, written->text, written->code);
}

}  // namespace pgpassage::app
