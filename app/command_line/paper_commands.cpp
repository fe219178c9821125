#include "app/command_line/shared_options.hpp"
#include "app/report_options.hpp"

namespace pgpassage::app {

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
  const std::vector<CLI::Option*> waivers = add_waivers(app, options.waivers);
  add_report_settings(app, options.report);
  CLI::Option* all_pairs = app.add_flag("--all-pairs", options.all_pairs,
                                        "instead of the migration: who reaches whom between all subnets, sites, "
                                        "servers, hosts and private endpoints, on paper");
  time_limit->excludes(no_live);  // it limits the probes alone
  for (CLI::Option* of_the_migration : {edition, no_live, time_limit, waivers[0], waivers[1]})
    all_pairs->excludes(of_the_migration);
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
                                {"pgpassage probe contoso.yaml", "pgpassage probe contoso.yaml --from vm-crossing",
                                 "pgpassage probe contoso.yaml --from runtime --login",
                                 "pgpassage probe contoso.yaml --from runtime --throughput --time-limit 30",
                                 "pgpassage probe contoso.yaml --watch 2 --format json"});
  add_file(app, options.file)->required();
  add_text(app, "--from", "NODE",
           "only what starts there: runtime, source, target, a server or a host; default: every place where this "
           "machine or an agent stands",
           options.from);
  app.add_flag("--login", options.login,
               "also log in as the file's users, with the passwords that libpq finds here (passwordFile, passwordEnv, "
               "PGPASSWORD, PGPASSFILE), and pass 64 KB each way");
  app.add_flag("--throughput", options.throughput,
               "log in, and measure the megabytes a second that the path carries each way: at most 64 MB");
  add_number(app, "--watch", "SECONDS", "probe again and again, and show what changes with its time; Ctrl-C ends it",
             86'400, [&options = options](unsigned seconds) { options.watch = std::chrono::seconds{seconds}; });
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

}  // namespace pgpassage::app
