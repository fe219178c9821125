#include "app/command_line/shared_options.hpp"

namespace pgpassage::app {

namespace {

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

}  // namespace

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
  add_text(
      app, "--owner", "USER",
      "init: who runs the agent and may read its key; default: pgpassage where root makes them and the package has "
      "made that user",
      options.owner);
}

}  // namespace pgpassage::app
