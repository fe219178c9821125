#include "app/command_line/shared_options.hpp"

#include <charconv>

#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::app {

namespace {
const Formats every_command_takes{{"text", Format::text}, {"json", Format::json}};
}  // namespace

const Formats report_takes{{"text", Format::text}, {"json", Format::json},   {"markdown", Format::markdown},
                           {"html", Format::html}, {"junit", Format::junit}, {"sarif", Format::sarif}};
const Formats check_takes{{"text", Format::text},         {"json", Format::json}, {"csv", Format::csv},
                          {"markdown", Format::markdown}, {"html", Format::html}, {"junit", Format::junit},
                          {"sarif", Format::sarif}};

CLI::Option* add_time_limit(CLI::App& app, std::function<void(std::chrono::milliseconds)> set) {
  return add_value(app, "--time-limit", "SECONDS", "longest wait for the live probes together; default 10",
                   [set = std::move(set)](const std::string& text) {
                     double seconds = 0;
                     const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
                     if (error != std::errc{} || end != text.data() + text.size() || !(seconds > 0) || seconds > 86'400)
                       refuse("--time-limit", fmt::format("'{}' is not a number of seconds above 0", text));
                     set(std::chrono::milliseconds{static_cast<long long>(seconds * 1000)});
                   });
}

CLI::Option* add_format(CLI::App& app, const std::string& description, const Formats& shown, const Formats& taken,
                        Format& format) {
  std::vector<std::string> spelled;
  for (const auto& [word, value] : shown) spelled.push_back(word);
  const auto set = [&format, taken, spelled](const std::string& text) {
    for (const auto& [word, value] : taken)
      if (word == text) {
        format = value;
        return;
      }
    refuse("--format", fmt::format("'{}' is not one of {}", text, fmt::join(spelled, ", ")));
  };
  return add_value(app, "--format", fmt::format("{}", fmt::join(spelled, "|")), description, set);
}

void add_common_options(CLI::App& app, CommonOptions& common) {
  if (app.get_option_no_throw("--format") == nullptr)
    add_format(app, "form of the result; default text", every_command_takes,
               app.get_parent() == nullptr ? check_takes : every_command_takes, common.format)
        ->group(common_group);
  add_text(app, "--output", "PATH", "write the result to this file, whole or not at all", common.output)
      ->group(common_group);
  add_choice(app, "--color", "colour; auto: on a terminal, unless NO_COLOR is set", common.color,
             std::vector<std::pair<std::string, ColorMode>>{
                 {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}})
      ->group(common_group);
  add_choice(app, "--log-level", "least level of the log on standard error; default warn, of the agent info",
             common.log_level,
             std::vector<std::pair<std::string, std::string>>{
                 {"debug", "debug"}, {"info", "info"}, {"warn", "warn"}, {"error", "error"}, {"off", "off"}})
      ->group(common_group);
  add_choice(app, "--log-format", "form of the log; default text", common.log_json,
             std::vector<std::pair<std::string, bool>>{{"text", false}, {"json", true}})
      ->group(common_group);
  app.add_flag("--quiet,-q", common.quiet, "no progress and no log below errors")->group(common_group);
}

CLI::Option* add_file(CLI::App& app, std::string& file) {
  return add_text(app, "FILE", "FILE", "topology file, YAML or JSON; - is standard input", file);
}

CLI::Option* add_edition(CLI::App& app, std::string& edition) {
  return add_text(app, "--edition", "ID",
                  fmt::format("edition of the documents to judge by, instead of the file's: {}; default {}",
                              fmt::join(scenarios::edition_ids(), ", "), scenarios::default_edition),
                  edition);
}

std::vector<CLI::Option*> add_waivers(CLI::App& app, WaiverChoice& waivers) {
  CLI::Option* file =
      add_text(app, "--waivers", "FILE",
               "findings that somebody accepts: a list of rule, subject, reason, owner and expiry, YAML "
               "or JSON; default: PGPASSAGE_WAIVERS",
               waivers.file);
  CLI::Option* none = app.add_flag("--no-waivers", waivers.ignored,
                                   "judge as if nothing were waived, whatever names a file of waivers");
  return {file, none};
}

CLI::Option* add_live(CLI::App& app, bool& live) {
  return app.add_flag_callback(
      "--no-live", [&live] { live = false; }, "judge on paper only; ask the network nothing");
}

void add_uris(CLI::App& app, std::string& source, std::string& target, std::vector<std::string>& databases) {
  add_text(app, "--source", "URI", "source server, postgresql://user@host:port/, without a password", source);
  add_text(app, "--target", "URI", "target server, likewise", target);
  add_value(app, "--databases", "A,B", "databases; default: all that are not templates",
            [&databases](const std::string& text) { databases = CLI::detail::split(text, ','); });
}

void add_filter(CLI::App& app, FilterOptions& filter) {
  add_texts(app, "--schema", "PATTERN", "only schemas that match; may be repeated", filter.schemas);
  add_texts(app, "--exclude-schema", "PATTERN", "no schema that matches; may be repeated", filter.excluded_schemas);
  add_texts(app, "--table", "PATTERN", "only tables and views that match; may be repeated", filter.tables);
  add_texts(app, "--exclude-table", "PATTERN", "no table or view that matches; may be repeated",
            filter.excluded_tables);
  add_texts(app, "--exclude-table-data", "PATTERN", "tables that match without their rows; may be repeated",
            filter.excluded_table_data);
  add_text(app, "--filter", "FILE", "such choices, one a line, in the format of pg_dump's --filter", filter.file);
  app.add_flag("--schema-only", filter.schema_only, "no rows, no large objects, no values of sequences");
}

CLI::Option* add_port(CLI::App& app, const std::string& description, std::optional<Port>& port) {
  return add_number(app, "--port", "PORT", description, 65535,
                    [&port](unsigned number) { port = static_cast<Port>(number); });
}

void add_agent_access(CLI::App& app, AgentAccess& agent, bool url) {
  if (url)
    add_text(app, "--agent", "URL", "the agent to ask, https://host:7443; default: PGPASSAGE_AGENT, else none",
             agent.url);
  const std::string here = "of ~/.config/pgpassage/agent";
  add_text(app, "--agent-cert", "FILE",
           "certificate to show to agents; default: PGPASSAGE_AGENT_CERT, else client.crt " + here, agent.certificate);
  add_text(app, "--agent-key", "FILE", "its key; default: PGPASSAGE_AGENT_KEY, else client.key " + here, agent.key);
  add_text(app, "--agent-ca", "FILE",
           "whose agents to trust; default: PGPASSAGE_AGENT_CA, else ca.crt " + here + ", else the system's", agent.ca);
  add_text(app, "--agent-token-file", "FILE",
           "token to show to agents; default: PGPASSAGE_AGENT_TOKEN_FILE, else token " + here, agent.token_file);
}

}  // namespace pgpassage::app
