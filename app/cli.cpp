#include "app/cli.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <memory>

#include "app/not_yet.hpp"
#include "app/report/formats.hpp"
#include "app/report_options.hpp"
#include "app/suggest.hpp"
#include "scenarios/matrix/matrix.hpp"

namespace pgpassage::app {
namespace {

constexpr const char* common_group = "Common";
constexpr std::string_view about =
    "pgpassage checks whether a PostgreSQL migration into Azure Database for PostgreSQL flexible server can cross a "
    "network, and then makes the crossing.";

struct Definition {
  CLI::App* command;
  std::function<Command()> chosen;  ///< its options as the command line gave them
};

/// The CLI11 app with the values that it fills. Commands are defined in the order of help.
struct Grammar {
  CLI::App app{std::string{about}, "pgpassage"};
  CommonOptions common;
  std::string help_about;  ///< the command that help explains
  bool version = false;
  std::vector<Definition> definitions;
};

[[noreturn]] void refuse(const std::string& option, const std::string& why) { throw CLI::ValidationError(option, why); }

/// An option whose value `set` reads; `set` refuses what it cannot read.
CLI::Option* add_value(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                       const std::function<void(const std::string&)>& set) {
  return app.add_option_function<std::string>(name, set, description)->type_name(value);
}

CLI::Option* add_text(CLI::App& app, const std::string& name, const std::string& value, const std::string& description,
                      std::string& target) {
  return add_value(app, name, value, description, [&target, name](const std::string& text) {
    if (text.empty()) refuse(name, "the value is empty");
    target = text;
  });
}

/// A value that is one of `words`, in any case. `Target` is Value or optional<Value>.
template <class Target, class Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, const std::string& description, Target& target,
                        std::vector<std::pair<std::string, Value>> words) {
  std::vector<std::string> spelled;
  for (const auto& word : words) spelled.push_back(word.first);
  const auto set = [&target, name, words, spelled](const std::string& text) {
    for (const auto& [word, value] : words)
      if (CLI::detail::to_lower(word) == CLI::detail::to_lower(text)) {
        target = value;
        return;
      }
    refuse(name, fmt::format("'{}' is not one of {}", text, fmt::join(spelled, ", ")));
  };
  return add_value(app, name, fmt::format("{}", fmt::join(spelled, "|")), description, set);
}

/// A whole number from 1 to `most`.
CLI::Option* add_number(CLI::App& app, const std::string& name, const std::string& value,
                        const std::string& description, unsigned most, std::function<void(unsigned)> set) {
  return add_value(app, name, value, description, [set = std::move(set), name, most](const std::string& text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most)
      refuse(name, fmt::format("'{}' is not a whole number from 1 to {}", text, most));
    set(number);
  });
}

/// `Limit`: milliseconds, or optional ones where it must be known whether it was given.
template <class Limit>
CLI::Option* add_time_limit(CLI::App& app, Limit& limit) {
  return add_value(app, "--time-limit", "SECONDS", "longest wait for the live probes together; default 10",
                   [&limit](const std::string& text) {
                     double seconds = 0;
                     const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
                     if (error != std::errc{} || end != text.data() + text.size() || !(seconds > 0) || seconds > 86'400)
                       refuse("--time-limit", fmt::format("'{}' is not a number of seconds above 0", text));
                     limit = std::chrono::milliseconds{static_cast<long long>(seconds * 1000)};
                   });
}

using Formats = std::vector<std::pair<std::string, Format>>;

/// `formats`: what the command takes; the root, which knows no command yet, takes all of them.
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

const Formats every_command_takes{{"text", Format::text}, {"json", Format::json}};
const Formats report_takes{{"text", Format::text}, {"json", Format::json},   {"markdown", Format::markdown},
                           {"html", Format::html}, {"junit", Format::junit}, {"sarif", Format::sarif}};
const Formats check_takes{{"text", Format::text},         {"json", Format::json}, {"csv", Format::csv},
                          {"markdown", Format::markdown}, {"html", Format::html}, {"junit", Format::junit},
                          {"sarif", Format::sarif}};

/// On the root and on every command, so that they may stand before or after it. A command that takes other formats has
/// an option of its own for them.
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

template <class Options>
struct Adding {
  CLI::App& app;
  Options& options;
};

template <class Options>
Adding<Options> add_command(Grammar& grammar, const std::string& name, const std::string& description,
                            const std::vector<std::string>& examples) {
  auto options = std::make_shared<Options>();
  CLI::App* command = grammar.app.add_subcommand(name, description);
  command->footer(fmt::format("{}", fmt::join(examples, "\n")));
  grammar.definitions.push_back({command, [options] { return Command{*options}; }});
  return {*command, *options};
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

CLI::Option* add_port(CLI::App& app, const std::string& description, std::optional<Port>& port) {
  return add_number(app, "--port", "PORT", description, 65535,
                    [&port](unsigned number) { port = static_cast<Port>(number); });
}

/// How to reach agents; with `url`, also which one.
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

void add_check(Grammar& grammar) {
  const auto [app, options] = add_command<CheckOptions>(
      grammar, "check",
      "check whether the migration of a topology file can cross the network; this version migrates Offline "
      "only, and says so when the file says Online",
      {"pgpassage check contoso.yaml", "pgpassage check contoso.yaml --no-live --format json",
       "pgpassage check contoso.yaml --edition 2024-06", "pgpassage check contoso.yaml --all-pairs --port 5432",
       "pgpassage check contoso.yaml --all-pairs --to orders-target"});
  add_file(app, options.file)->required();
  CLI::Option* edition = add_edition(app, options.edition);
  CLI::Option* no_live = add_live(app, options.live);
  CLI::Option* time_limit = add_time_limit(app, options.time_limit);
  add_report_settings(app, options.report);
  CLI::Option* all_pairs = app.add_flag("--all-pairs", options.all_pairs,
                                        "instead of the migration: who reaches whom between all subnets, sites, "
                                        "servers, hosts and private endpoints, on paper");
  time_limit->excludes(no_live);  // it limits the probes alone
  for (CLI::Option* of_the_migration : {edition, no_live, time_limit}) all_pairs->excludes(of_the_migration);
  add_port(app, "TCP port of --all-pairs; default 5432", options.port)->needs(all_pairs);
  add_text(app, "--from", "NODE", "with --all-pairs: whom this node reaches; with --to as well, hop by hop",
           options.from)
      ->needs(all_pairs);
  add_text(app, "--to", "NODE", "with --all-pairs: who reaches this node", options.to)->needs(all_pairs);
  add_format(
      app, "form of the result; default text; csv is for --all-pairs, markdown, html, junit and sarif are for all else",
      check_takes, check_takes, grammar.common.format);
  add_agent_access(app, options.agent, false);
}

void add_diff(Grammar& grammar) {
  const auto [app, options] =
      add_command<DiffOptions>(grammar, "diff",
                               "show which flows a change of a topology file opens or closes; exits 0 when none "
                               "does, 1 when some do, 3 when the files leave undecided what changed",
                               {"pgpassage diff contoso.yaml contoso-new.yaml",
                                "pgpassage diff contoso.yaml contoso-new.yaml --port 443 --format json"});
  add_text(app, "OLD", "FILE", "topology file as it was, YAML or JSON", options.old_file)->required();
  add_text(app, "NEW", "FILE", "as it shall be; - is standard input", options.file)->required();
  add_port(app, "TCP port; default 5432", options.port);
}

void add_trace(Grammar& grammar) {
  const auto [app, options] = add_command<TraceOptions>(
      grammar, "trace", "show the way of one flow hop by hop, there and back, or how a name is resolved, on paper",
      {"pgpassage trace contoso.yaml --from runtime --to source",
       "pgpassage trace contoso.yaml --from vnet-hub/snet-tools --to 10.20.2.4 --port 5432",
       "pgpassage trace contoso.yaml --from runtime --name orders.corp.contoso.example"});
  const char* node =
      "a server, a host, a private endpoint, runtime, source, target, VNET/SUBNET, a site, an address or Internet";
  add_file(app, options.file)->required();
  add_text(app, "--from", "NODE", fmt::format("where the flow starts: {}", node), options.from)->required();
  add_text(app, "--to", "NODE", "where it goes, likewise", options.to);
  add_text(app, "--name", "FQDN",
           "instead of --to: the name to resolve; shows each DNS server, zone, alias and forwarder that is asked. "
           "--from may be a VNet too",
           options.name);
  add_port(app, "TCP port of --to; default: the server's, else 5432", options.port);
}

void add_probe(Grammar& grammar) {
  const auto [app, options] =
      add_command<ProbeOptions>(grammar, "probe", "ask the real network for the flows and names of a migration",
                                {"pgpassage probe contoso.yaml", "pgpassage probe contoso.yaml --from vm-crossing"});
  add_file(app, options.file)->required();
  add_text(app, "--from", "NODE", "only what starts there; default: every place where this machine stands",
           options.from);
  add_time_limit(app, options.time_limit);
  add_agent_access(app, options.agent, false);
}

void add_fix(Grammar& grammar) {
  const auto [app, options] = add_command<FixOptions>(
      grammar, "fix", "find the smallest set of changes that lets the migration cross, as a patch and az commands",
      {"pgpassage fix contoso.yaml", "pgpassage fix contoso.yaml --patch > contoso.patch && patch -p0 < contoso.patch",
       "pgpassage fix contoso.yaml --format json"});
  add_file(app, options.file)->required();
  add_edition(app, options.edition);
  app.add_flag("--patch", options.patch,
               "print the patch alone: a diff for patch -p0 or git apply -p0, for a JSON file a JSON Patch (RFC 6902)");
}

void add_knowledge(Grammar& grammar) {
  const auto scenarios =
      add_command<ScenariosOptions>(grammar, "scenarios", "list the documented network scenarios of an edition",
                                    {"pgpassage scenarios", "pgpassage scenarios --edition 2024-06 --format json"});
  add_edition(scenarios.app, scenarios.options.edition);
  const auto rules = add_command<RulesOptions>(grammar, "rules", "list every rule, or explain one with its source",
                                               {"pgpassage rules", "pgpassage rules NET203", "pgpassage rules S11-4"});
  add_text(rules.app, "ID", "ID", "id or name of a rule, or a number of the documents: C13, S11-4", rules.options.id);
  add_edition(rules.app, rules.options.edition);
}

void add_migrate(Grammar& grammar) {
  const auto [app, options] = add_command<MigrateOptions>(
      grammar, "migrate", "validate and migrate, as the file's migration says or between two servers",
      {"pgpassage migrate contoso.yaml",
       "pgpassage migrate --source postgresql://migrator@db1/ --target postgresql://migrator@db2/ --databases orders"});
  add_file(app, options.file);
  add_uris(app, options.source_uri, options.target_uri, options.databases);
  add_text(app, "--name", "NAME", "name of the migration; default: the file's, or made from the time", options.name);
  add_choice(app, "--mode", "instead of the file's migrationMode; this version is offline only, Online arrives later",
             options.mode,
             std::vector<std::pair<std::string, MigrationMode>>{{"Offline", MigrationMode::offline},
                                                                {"Online", MigrationMode::online}});
  add_choice(app, "--option", "instead of the file's migrationOption", options.option,
             std::vector<std::pair<std::string, MigrationOption>>{
                 {"Validate", MigrationOption::validate},
                 {"Migrate", MigrationOption::migrate},
                 {"ValidateAndMigrate", MigrationOption::validate_and_migrate}});
  app.add_flag("--overwrite", options.overwrite, "databases that exist on the target may be replaced");
  add_edition(app, options.edition);
  add_live(app, options.live);
  add_number(app, "--jobs", "N", "copy streams at once; default: from the cores", 256,
             [&options = options](unsigned number) { options.jobs = number; });
  add_number(app, "--index-jobs", "N", "indexes built at once; default: from the cores", 256,
             [&options = options](unsigned number) { options.index_jobs = number; });
  add_agent_access(app, options.agent, true);
}

void add_migrations(Grammar& grammar) {
  const auto list =
      add_command<ListOptions>(grammar, "list", "list the migrations, newest first",
                               {"pgpassage list --format json", "pgpassage list --agent https://10.20.2.4:7443"});
  add_agent_access(list.app, list.options.agent, true);
  const auto show =
      add_command<ShowOptions>(grammar, "show", "show one migration in detail", {"pgpassage show orders-to-flexible"});
  add_text(show.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", show.options.name)->required();
  add_agent_access(show.app, show.options.agent, true);
  const auto verify = add_command<VerifyOptions>(
      grammar, "verify", "compare source and target: rows, content and schema",
      {"pgpassage verify orders-to-flexible",
       "pgpassage verify --source postgresql://migrator@db1/ --target postgresql://migrator@db2/"});
  add_text(verify.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", verify.options.name);
  add_uris(verify.app, verify.options.source_uri, verify.options.target_uri, verify.options.databases);
  const auto cancel = add_command<CancelOptions>(grammar, "cancel", "stop a running migration and clean up the source",
                                                 {"pgpassage cancel orders-to-flexible"});
  add_text(cancel.app, "NAME", "NAME", "name of a migration, or TARGET/NAME", cancel.options.name)->required();
  add_agent_access(cancel.app, cancel.options.agent, true);
}

void add_report(Grammar& grammar) {
  const auto [app, options] =
      add_command<ReportOptions>(grammar, "report", "the readiness or migration report, with every check and citation",
                                 {"pgpassage report contoso.yaml --no-live --output readiness.txt"});
  add_text(app, "SUBJECT", "FILE or NAME", "topology file, or name of a migration", options.subject)->required();
  add_edition(app, options.edition);
  CLI::Option* no_live = add_live(app, options.live);
  add_time_limit(app, options.time_limit)->excludes(no_live);
  add_format(app, "form of the report; default text", report_takes, report_takes, grammar.common.format);
  add_report_settings(app, options.report);
  add_agent_access(app, options.agent, false);
}

void add_agent_server(CLI::App& app, AgentOptions& options) {
  add_text(app, "--listen", "ADDRESS:PORT", "where to serve: an address of this machine; 7443 is usual",
           options.listen);
  add_text(app, "--tls-cert", "FILE", "certificate to show, PEM; without one, only on loopback", options.certificate);
  add_text(app, "--tls-key", "FILE", "its key", options.key);
  add_text(app, "--client-ca", "FILE", "clients must show a certificate that this CA signed", options.client_ca);
  add_text(app, "--client-crl", "FILE", "and that is not on this list", options.revoked);
  add_text(app, "--token-file", "FILE", "clients must know the token in this file's first line", options.token_file);
  add_number(app, "--drain-time", "SECONDS", "what running migrations have left after SIGTERM; default 60", 86'400,
             [&options](unsigned number) { options.drain_time = std::chrono::seconds{number}; });
  add_number(app, "--max-connections", "N", "connections at once; default 2048", 65'536,
             [&options](unsigned number) { options.connections = number; });
  add_number(app, "--rate", "N", "requests per second of one client's address; default 100", 1'000'000,
             [&options](unsigned number) { options.rate = number; });
}

void add_agent(Grammar& grammar) {
  using Action = AgentOptions::Action;
  const auto [app, options] = add_command<AgentOptions>(
      grammar, "agent", "serve probes and migrations from this machine, or manage its certificates",
      {"pgpassage agent init --host 10.20.2.4 --host vm-crossing.contoso.example",
       "pgpassage agent --listen 10.20.2.4:7443 --tls-cert server.crt --tls-key server.key --client-ca ca.crt "
       "--client-crl revoked.pem",
       "pgpassage agent issue alice", "pgpassage agent revoke alice", "pgpassage agent renew"});
  add_choice(app, "ACTION", "serve (default), or what to do with certificates", options.action,
             std::vector<std::pair<std::string, Action>>{{"serve", Action::serve},
                                                         {"init", Action::init},
                                                         {"issue", Action::issue},
                                                         {"renew", Action::renew},
                                                         {"revoke", Action::revoke}});
  add_text(app, "NAME", "NAME", "issue: of the client; revoke: likewise, or a serial number", options.name);
  add_agent_server(app, options);
  add_text(app, "--directory", "PATH", "of the certificates; default ~/.config/pgpassage/agent", options.directory);
  add_value(app, "--host", "HOST", "init, renew: name or address of the agent's machine, may be given again",
            [&options = options](const std::string& text) { options.hosts.push_back(text); })
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_self(Grammar& grammar) {
  add_command<SchemaOptions>(grammar, "schema", "print the JSON Schema of the topology file",
                             {"pgpassage schema --output topology.schema.json"});
  const auto completion = add_command<CompletionOptions>(
      grammar, "completion", "print the completion script of a shell",
      {"pgpassage completion bash > ~/.local/share/bash-completion/completions/pgpassage"});
  add_choice(completion.app, "SHELL", "bash, zsh or fish", completion.options.shell,
             std::vector<std::pair<std::string, std::string>>{{"bash", "bash"}, {"zsh", "zsh"}, {"fish", "fish"}})
      ->required();
  add_command<VersionOptions>(grammar, "version", "print the version", {"pgpassage version --format json"});
  CLI::App* help = grammar.app.add_subcommand("help", "explain a command");
  add_text(*help, "COMMAND", "COMMAND", "the command; default: all", grammar.help_about);
  help->footer("pgpassage help check");
}

/// Only commands that the arguments name get the common options: to define them for every command would be most of the
/// time that the program needs to start. The description of the command line has them from the root.
std::unique_ptr<Grammar> make_grammar(const std::vector<std::string>& arguments) {
  auto grammar = std::make_unique<Grammar>();  // its options point into it: it must not move
  grammar->app.allow_extras();                 // inherited; what is left over gets our own message
  grammar->app.require_subcommand(0, 1);       // so that a second word may be called as a command: `help check`
  grammar->app.set_help_flag("--help,-h", "explain the command")->group(common_group);
  add_check(*grammar);
  add_diff(*grammar);
  add_trace(*grammar);
  add_probe(*grammar);
  add_fix(*grammar);
  add_knowledge(*grammar);
  add_migrate(*grammar);
  add_migrations(*grammar);
  add_report(*grammar);
  add_agent(*grammar);
  add_self(*grammar);
  add_common_options(grammar->app, grammar->common);
  for (CLI::App* command : grammar->app.get_subcommands(nullptr))
    if (std::ranges::find(arguments, command->get_name()) != arguments.end())
      add_common_options(*command, grammar->common);
  grammar->app.add_flag("--version", grammar->version, "print the version");
  return grammar;
}

OptionDescription describe(const CLI::Option& option) {
  OptionDescription description;
  for (const std::string& name : option.get_lnames()) description.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) description.names.push_back("-" + name);
  if (description.names.empty()) description.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) description.value = option.get_type_name();
  description.description = option.get_description();
  description.required = option.get_required();
  return description;
}

CommandDescription describe(const CLI::App& command) {
  CommandDescription description{command.get_name(), command.get_description(), {}, {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group() == common_group) continue;
    (option->get_positional() ? description.positionals : description.options).push_back(describe(*option));
  }
  if (!command.get_footer().empty()) description.examples = CLI::detail::split(command.get_footer(), '\n');
  return description;
}

CommandTree describe(Grammar& grammar) {
  CommandTree tree{std::string{about}, {}, {}};
  for (const CLI::App* command : grammar.app.get_subcommands(nullptr)) tree.commands.push_back(describe(*command));
  for (const CLI::Option* option : grammar.app.get_options())
    if (option->get_group() == common_group) tree.common_options.push_back(describe(*option));
  return tree;
}

/// What a user who mistyped the command line must get: an answer in JSON when that was asked for.
CommonOptions common_of(const std::vector<std::string>& arguments) {
  CommonOptions common;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == "--format=json" || (i > 0 && arguments[i - 1] == "--format" && arguments[i] == "json"))
      common.format = Format::json;
  return common;
}

std::vector<std::string> command_names(const CommandTree& tree) {
  std::vector<std::string> names;
  for (const CommandDescription& command : tree.commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> option_names(const CommandTree& tree, const CommandDescription* command) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<OptionDescription>& options) {
    for (const OptionDescription& option : options) names.insert(names.end(), option.names.begin(), option.names.end());
  };
  add(tree.common_options);
  if (command != nullptr) add(command->options);
  return names;
}

std::string where_to_read(const CommandDescription* command) {
  return command == nullptr ? "see 'pgpassage help'" : fmt::format("see 'pgpassage help {}'", command->name);
}

std::string did_you_mean(const std::string& likely, const CommandDescription* command) {
  return likely.empty() ? where_to_read(command) : fmt::format("did you mean '{}'?", likely);
}

Error unknown_command(const CommandTree& tree, const std::string& word) {
  if (const auto later = not_in_this_version(ContractWord::command, word))
    return {Errc::input, *later, {}, where_to_read(nullptr)};
  return {Errc::input,
          fmt::format("unknown command '{}'", word),
          {},
          did_you_mean(likely_meant(word, command_names(tree)), nullptr)};
}

/// An argument that nothing took: a misspelt option or command, or one argument too many.
Error unexpected(const CommandTree& tree, const CommandDescription* command, const std::string& argument) {
  const std::string of = command == nullptr ? "" : " of " + command->name;
  if (!argument.starts_with('-')) {
    if (command == nullptr) return unknown_command(tree, argument);
    return {Errc::input,
            fmt::format("unexpected argument '{}' after {}", argument, command->name),
            {},
            where_to_read(command)};
  }
  const std::string name = argument.substr(0, argument.find('='));
  if (const auto later = not_in_this_version(ContractWord::option, name))
    return {Errc::input, *later, {}, where_to_read(command)};
  const std::vector<std::string> known = option_names(tree, command);
  if (std::ranges::find(known, name) != known.end())
    return {
        Errc::input, fmt::format("option '{}'{} must stand after the command", name, of), {}, where_to_read(command)};
  return {Errc::input,
          fmt::format("unknown option '{}'{}", name, of),
          {},
          did_you_mean(likely_meant(name, known), command)};
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
  return std::nullopt;
}

std::optional<std::string> contradiction(const VerifyOptions& options) {
  const bool uris = !options.source_uri.empty() || !options.target_uri.empty();
  if (options.name.empty() && !uris) return "verify needs a NAME, or --source and --target";
  if (!options.name.empty() && uris) return "verify takes a NAME or --source and --target, not both";
  if (uris && (options.source_uri.empty() || options.target_uri.empty()))
    return "verify needs both --source and --target";
  return std::nullopt;
}

std::optional<std::string> contradiction(const TraceOptions& options) {
  if (options.to.empty() && options.name.empty()) return "trace needs --to NODE, or --name FQDN";
  if (!options.to.empty() && !options.name.empty()) return "trace takes --to or --name, not both";
  if (!options.name.empty() && options.port) return "trace --name asks DNS, on its own port: --port is of --to";
  return std::nullopt;
}

std::optional<std::string> contradiction(const AgentOptions& options) {
  using Action = AgentOptions::Action;
  const bool named = options.action == Action::issue || options.action == Action::revoke;
  if (named && options.name.empty()) return "agent issue and agent revoke need a NAME";
  if (!named && !options.name.empty()) return fmt::format("unexpected argument '{}' after agent", options.name);
  if (options.action == Action::serve && options.listen.empty()) return "agent needs --listen ADDRESS:PORT";
  if (options.action != Action::serve && !options.listen.empty()) return "--listen is for serving alone";
  if (options.certificate.empty() != options.key.empty()) return "--tls-cert and --tls-key are given together";
  if (!options.revoked.empty() && options.client_ca.empty()) return "--client-crl needs --client-ca";
  return std::nullopt;
}

template <class Options>
std::optional<std::string> contradiction(const Options&) {
  return std::nullopt;
}

/// Some formats belong to some results.
std::optional<std::string> contradiction(const CommonOptions& common, const Command& command) {
  const auto* check = std::get_if<CheckOptions>(&command);
  const bool matrix = check != nullptr && check->all_pairs && check->from.empty() && check->to.empty();
  if (common.format == Format::csv && !matrix) return "--format csv is for the whole matrix of check --all-pairs";
  const bool report = (check != nullptr && !check->all_pairs) || std::holds_alternative<ReportOptions>(command);
  if (drawn_from_report(common.format) && !report)
    return "--format markdown, html, junit and sarif are for check (without --all-pairs) and report";
  const bool stamped = check != nullptr && (check->report.time || !check->report.host.empty());
  if (stamped && !(drawn_from_report(common.format) && report))
    return "--report-time and --report-host are for check --format markdown, html, junit or sarif, and for report";
  const auto* fix = std::get_if<FixOptions>(&command);
  if (fix != nullptr && fix->patch && common.format == Format::json)
    return "--patch prints the patch alone and --format json the whole result, which has it: give one of them";
  return std::nullopt;
}

/// "FILE is required" -> "check needs FILE".
std::string in_our_words(const CLI::ParseError& error, const CLI::App* command) {
  const std::string what = error.what();
  const std::string ending = " is required";
  if (error.get_name() != "RequiredError" || command == nullptr || !what.ends_with(ending)) return what;
  return fmt::format("{} needs {}", command->get_name(), what.substr(0, what.size() - ending.size()));
}

using Outcome = tl::expected<Request, Error>;

Outcome help_about(const CommandTree& tree, const std::string& name, const TextStyle& style) {
  if (name.empty()) return HelpRequest{help_text(tree, style)};
  const CommandDescription* command = find_command(tree, name);
  if (command == nullptr) return tl::unexpected(unknown_command(tree, name));
  return HelpRequest{help_text(tree, *command, style)};
}

Outcome outcome_of(Grammar& grammar, const TextStyle& style) {
  const auto chosen = grammar.app.get_subcommands();
  const std::string name = chosen.empty() ? "" : chosen.front()->get_name();
  if (const auto extra = grammar.app.remaining(true); !extra.empty()) {
    const CommandTree tree = describe(grammar);
    return tl::unexpected(unexpected(tree, find_command(tree, name), extra.front()));
  }
  if (grammar.version) return CommandLine{grammar.common, VersionOptions{}};
  if (name.empty() || name == "help") return help_about(describe(grammar), grammar.help_about, style);
  for (const Definition& definition : grammar.definitions) {
    if (definition.command != chosen.front()) continue;
    const Command command = definition.chosen();
    auto wrong = std::visit([](const auto& options) { return contradiction(options); }, command);
    if (!wrong) wrong = contradiction(grammar.common, command);
    if (wrong) return tl::unexpected(Error{Errc::input, *wrong, {}, fmt::format("see 'pgpassage help {}'", name)});
    return CommandLine{grammar.common, command};
  }
  return fail(Errc::internal, "command '{}' has no definition", name);
}

Outcome parse(Grammar& grammar, const std::vector<std::string>& arguments, const TextStyle& style) {
  const auto chosen = [&]() -> const CLI::App* {
    const auto commands = grammar.app.get_subcommands();
    return commands.empty() ? nullptr : commands.front();
  };
  try {
    grammar.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes it backwards
  } catch (const CLI::CallForHelp&) {
    return help_about(describe(grammar), chosen() == nullptr ? "" : chosen()->get_name(), style);
  } catch (const CLI::ParseError& error) {
    const CommandTree tree = describe(grammar);
    const CommandDescription* command = chosen() == nullptr ? nullptr : find_command(tree, chosen()->get_name());
    return tl::unexpected(Error{Errc::input, in_our_words(error, chosen()), {}, where_to_read(command)});
  }
  return outcome_of(grammar, style);
}

}  // namespace

tl::expected<Request, UsageError> parse_command_line(const std::vector<std::string>& arguments,
                                                     const TextStyle& style) {
  return parse(*make_grammar(arguments), arguments, style).map_error([&](Error error) {
    return UsageError{common_of(arguments), std::move(error)};
  });
}

CommandTree command_tree() { return describe(*make_grammar({})); }

}  // namespace pgpassage::app
