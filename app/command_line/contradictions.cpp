#include <fmt/format.h>

#include "app/command_line/refusals.hpp"
#include "app/report/formats.hpp"

namespace pgpassage::app {
namespace {

std::optional<std::string> contradiction(const FilterOptions& filter) {
  if (!filter.schemas.empty() && !filter.tables.empty())
    return "--schema and --table are not given together: --table takes SCHEMA.NAME, and SCHEMA.* for all of a schema";
  if (filter.schema_only && !filter.excluded_table_data.empty())
    return "--schema-only moves no rows: --exclude-table-data says nothing more";
  return std::nullopt;
}

/// What CLI11 cannot say: two ways to name what to work on, of which exactly one must be used.
std::optional<std::string> contradiction(const MigrateOptions& options) {
  const bool uris = !options.source_uri.empty() || !options.target_uri.empty();
  if (options.file.empty() && !uris) return "migrate needs a FILE, or --source and --target";
  if (!options.file.empty() && uris) return "migrate takes a FILE or --source and --target, not both";
  if (uris && (options.source_uri.empty() || options.target_uri.empty()))
    return "migrate needs both --source and --target";
  if (uris && (!options.edition.empty() || !options.live))
    return "migrate with --source and --target checks no network: --edition and --no-live need a FILE";
  if (uris && !options.agent.url.empty()) return "migrate takes --agent with a FILE: it says where the agent stands";
  return contradiction(options.filter);
}

std::optional<std::string> contradiction(const VerifyOptions& options) {
  const bool uris = !options.source_uri.empty() || !options.target_uri.empty();
  if (options.name.empty() && !uris) return "verify needs a NAME, or --source and --target";
  if (!options.name.empty() && uris) return "verify takes a NAME or --source and --target, not both";
  if (uris && (options.source_uri.empty() || options.target_uri.empty()))
    return "verify needs both --source and --target";
  return contradiction(options.filter);
}

std::optional<std::string> contradiction(const TraceOptions& options) {
  if (options.to.empty() && options.name.empty()) return "trace needs --to NODE, or --name FQDN";
  if (!options.to.empty() && !options.name.empty()) return "trace takes --to or --name, not both";
  if (!options.name.empty() && options.port) return "trace --name asks DNS, on its own port: --port is of --to";
  return std::nullopt;
}

constexpr const char* agents_not_asked = "--no-live asks no agent: the options of agents are for live probes";

bool reaches_agents(const AgentAccess& agent) {
  return !agent.certificate.empty() || !agent.key.empty() || !agent.ca.empty() || !agent.token_file.empty();
}

std::optional<std::string> contradiction(const CheckOptions& options) {
  if (!options.all_pairs && !options.live && reaches_agents(options.agent)) return agents_not_asked;
  if (options.all_pairs && reaches_agents(options.agent))
    return "check --all-pairs asks no agent: the options of agents are for live probes";
  return std::nullopt;
}

bool says_how_to_judge(const ReportOptions& options) {
  return !options.edition.empty() || !options.live || options.time_limit || !options.waivers.file.empty() ||
         options.waivers.ignored || options.report.time || !options.report.host.empty() ||
         reaches_agents(options.agent);
}

/// `report` writes a report, checks a signature or compares two reports.
std::optional<std::string> contradiction(const ReportOptions& options) {
  const bool checks = !options.check_signature.empty(), compares = !options.compared.empty();
  if (options.subject.empty() && !checks && !compares)
    return "report needs a FILE or NAME, or --check-signature, or --diff";
  if (!options.subject.empty() + checks + compares > 1)
    return "report takes one of: a FILE or NAME, --check-signature, --diff";
  if ((checks || compares) && says_how_to_judge(options))
    return "--check-signature and --diff read reports that are there: what says how to make one does not belong to "
           "them";
  if ((checks || compares) && !options.sign_key.empty()) return "--sign is for the report of a FILE or NAME";
  if (!options.live && reaches_agents(options.agent)) return agents_not_asked;
  return std::nullopt;
}

bool says_how_to_serve(const AgentOptions& options) {
  const AgentOptions usual;
  const auto given = [](const std::string& value) { return !value.empty(); };
  return given(options.listen) || given(options.certificate) || given(options.key) || given(options.client_ca) ||
         given(options.revoked) || given(options.token_file) || options.drain_time != usual.drain_time ||
         options.connections != usual.connections || options.rate != usual.rate;
}

std::optional<std::string> contradiction(const AgentOptions& options) {
  using Action = AgentOptions::Action;
  const bool named = options.action == Action::issue || options.action == Action::revoke;
  if (named && options.name.empty()) return "agent issue and agent revoke need a NAME";
  if (!named && !options.name.empty()) return fmt::format("unexpected argument '{}' after agent", options.name);
  if (options.action == Action::serve && options.listen.empty()) return "agent needs --listen ADDRESS:PORT";
  if (options.action != Action::serve && says_how_to_serve(options))
    return "--listen, --tls-cert, --drain-time and what else says how to serve are for serving alone";
  if (options.action == Action::serve && !options.directory.empty())
    return "--directory is for init, issue, renew and revoke: serving takes --tls-cert, --tls-key and --client-ca";
  const bool makes_server_certificate = options.action == Action::init || options.action == Action::renew;
  if (!makes_server_certificate && !options.hosts.empty()) return "--host is for agent init and agent renew";
  if (options.certificate.empty() != options.key.empty()) return "--tls-cert and --tls-key are given together";
  if (!options.revoked.empty() && options.client_ca.empty()) return "--client-crl needs --client-ca";
  return std::nullopt;
}

template <class Options>
std::optional<std::string> contradiction(const Options&) {
  return std::nullopt;
}

/// What never ends has no whole result that a file could take the place of.
std::optional<std::string> contradiction_of_output(const CommonOptions& common, const Command& command) {
  const auto* probe = std::get_if<ProbeOptions>(&command);
  if (probe != nullptr && probe->watch && !common.output.empty())
    return "probe --watch writes what it sees as it sees it: redirect standard output instead of --output";
  return std::nullopt;
}

std::optional<std::string> contradiction_of_report(const CommonOptions& common, const ReportOptions& options) {
  if (!options.check_signature.empty() && drawn_from_report(common.format))
    return "--check-signature answers in --format text or json";
  if (!options.compared.empty() && (common.format == Format::junit || common.format == Format::sarif))
    return "--diff answers in --format text, json, markdown or html";
  if (!options.sign_key.empty() && common.output.empty())
    return "--sign needs --output PATH: the signature is written beside the report, as PATH.sig";
  return std::nullopt;
}

/// Some formats belong to some results.
std::optional<std::string> contradiction_of_formats(const CommonOptions& common, const Command& command) {
  const auto* check = std::get_if<CheckOptions>(&command);
  const bool matrix = check != nullptr && check->all_pairs && check->from.empty() && check->to.empty();
  if (common.format == Format::csv && !matrix) return "--format csv is for the whole matrix of check --all-pairs";
  const bool report = (check != nullptr && !check->all_pairs) || std::holds_alternative<ReportOptions>(command);
  if (drawn_from_report(common.format) && !report)
    return "--format markdown, html, junit and sarif are for check (without --all-pairs) and report";
  const bool stamped = check != nullptr && (check->report.time || !check->report.host.empty());
  const bool waives = check != nullptr && !check->waivers.file.empty() && check->report.host.empty();
  if (stamped && !waives && !(drawn_from_report(common.format) && report))
    return "--report-time and --report-host are for check --format markdown, html, junit or sarif, and for report; "
           "--report-time also for check --waivers";
  if (const auto* reports = std::get_if<ReportOptions>(&command))
    if (auto wrong = contradiction_of_report(common, *reports)) return wrong;
  const auto* fix = std::get_if<FixOptions>(&command);
  if (fix != nullptr && fix->patch && common.format == Format::json)
    return "--patch prints the patch alone and --format json the whole result, which has it: give one of them";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> contradiction(const CommonOptions& common, const Command& command) {
  if (auto wrong = std::visit([](const auto& options) { return contradiction(options); }, command)) return wrong;
  if (auto wrong = contradiction_of_output(common, command)) return wrong;
  return contradiction_of_formats(common, command);
}

}  // namespace pgpassage::app
