#include "tests/live/agent/world.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/netcheck/probe/network_namespace.hpp"

namespace pgpassage::app {
namespace {

using live::Child;
using live::Cluster;

std::string with(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == text.npos) throw std::runtime_error{"the example has no " + what};
  return text.replace(at, what.size(), by);
}

/// Scenario S07, with a host that stands for the target and names that need no DNS server.
std::string topology(Port source, Port target) {
  std::ostringstream example;
  example << std::ifstream{PGPASSAGE_SOURCE_DIR "/topology-examples/s07-azure-vm-same-vnet-ready.yaml"}.rdbuf();
  std::string text = example.str();
  text = with(text, "fqdn: vm-orders.internal.contoso.example",
              "customHost: 10.20.3.4\n    port: " + std::to_string(source));
  text = with(text, "fqdn: orders-target.postgres.database.azure.com",
              "customHost: 10.20.1.4\n    port: " + std::to_string(target));
  for (int server = 0; server < 2; ++server) text = with(text, "sslMode: require", "sslMode: disable");
  for (const char* variable : {"ORDERS_SOURCE_PASSWORD", "ORDERS_TARGET_PASSWORD"})
    text = with(text, std::string{"passwordEnv: "} + variable, "passwordFile: password");
  text = with(text, "sourceAddressPrefix: 10.20.1.0/24", "sourceAddressPrefix: VirtualNetwork");
  text = with(text, "destinationPortRange: \"5432\"", "destinationPortRange: \"*\"");
  text = with(text, "      - name: snet-app",
              "      - {name: snet-tools, addressPrefix: 10.20.2.0/24}\n      - name: snet-app");
  text = with(text, "[orders, billing]", "[shop]");
  return with(text, "\nmigration:",
              "\nhosts:\n  - {name: vm-crossing, virtualNetwork: vnet-data, subnet: snet-tools, ipAddress: 10.20.2.4, "
              "standsFor: orders-target}\n\nmigration:");
}

void open_to_the_network(const Cluster& cluster) {
  std::ofstream{cluster.directory() / "data/pg_hba.conf", std::ios::app} << "host all all 10.20.0.0/16 scram-sha-256\n";
  cluster.run("SELECT pg_reload_conf()");
  cluster.run(std::string{"CREATE ROLE migrator SUPERUSER LOGIN PASSWORD '"} + AgentWorld::secret + "'");
}

}  // namespace

std::optional<std::string> in_agent_world(const std::function<void()>& body) {
  return pgpassage::testing::in_network_namespace(
      "for a in 10.20.1.4 10.20.2.4 10.20.3.4; do ip addr add $a/32 dev lo || exit 1; done", body);
}

AgentWorld::AgentWorld(int seconds)
    : certificates_{work_.path("certificates"), {host_address}},
      source_{{"listen_addresses = '*'"}},
      target_{{"listen_addresses = '*'"}} {
  for (const Cluster* cluster : {&source_, &target_}) open_to_the_network(*cluster);
  source_.run("CREATE DATABASE shop OWNER migrator");
  // A view that is marked as filled without having been: the target works on its REFRESH.
  source_.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i; CREATE VIEW slow AS SELECT pg_sleep(" +
                  std::to_string(seconds) +
                  ")::text AS a; CREATE MATERIALIZED VIEW m AS SELECT a FROM slow WITH NO DATA;"
                  "UPDATE pg_class SET relispopulated = true WHERE relname = 'm'",
              "shop");
  work_.write("password", std::string{secret} + "\n");
  work_.write("move.yaml", topology(source_.port(), target_.port()));
}

void AgentWorld::start_agent(std::vector<std::string> arguments, std::vector<std::string> environment) {
  const auto server = certificates_.server();
  arguments.insert(arguments.end(), server.begin(), server.end());
  agent_ = std::make_unique<agent::AgentProcess>(work_.path("agent"), std::move(arguments), std::move(environment),
                                                 std::string{host_address} + ":0");
}

std::string AgentWorld::url() const {
  return std::string{"https://"} + host_address + ":" + std::to_string(agent_->port());
}

std::unique_ptr<Child> AgentWorld::migrate(live::Terminal terminal, std::vector<std::string> more) const {
  std::vector<std::string> arguments{"migrate", "move.yaml", "--agent", url()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto client = certificates_.client();
  return std::make_unique<Child>(
      arguments,
      std::vector<std::string>{"PGPASSAGE_HOME=" + work_.path("operator").string(),
                               "PGPASSAGE_AGENT_CERT=" + client.tls.certificate,
                               "PGPASSAGE_AGENT_KEY=" + client.tls.key, "PGPASSAGE_AGENT_CA=" + client.tls.ca},
      terminal, work_.path("."));
}

ProgramResult AgentWorld::operators(const std::string& command) const {
  const auto client = certificates_.client();
  return work_.run("PGPASSAGE_AGENT=" + url() + " PGPASSAGE_AGENT_CERT=" + client.tls.certificate +
                   " PGPASSAGE_AGENT_KEY=" + client.tls.key + " PGPASSAGE_AGENT_CA=" + client.tls.ca + " " + command);
}

void AgentWorld::wait_until_busy() const {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (target_.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'REFRESH%' AND state = 'active'") != "1")
    if (std::chrono::steady_clock::now() > patience) throw std::runtime_error{"the migration did not get so far"};
}

std::string AgentWorld::ended() const {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  ProgramResult shown;
  while (std::chrono::steady_clock::now() < patience) {
    shown = operators("pgpassage show orders-to-flexible --format json");
    if (shown.output.find("\"InProgress\"") == shown.output.npos && shown.exit_code == 0) return shown.output;
  }
  throw std::runtime_error{"the migration did not end: " + shown.output + shown.error};
}

}  // namespace pgpassage::app
