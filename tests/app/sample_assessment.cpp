#include "sample_assessment.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pgpassage::app {
namespace {

using netcheck::Decision;
using netcheck::HopKind;
using netcheck::Leg;
using netcheck::Observed;
using netcheck::Predicted;

const Cite network_scenarios{"Network scenarios for the migration service in Azure Database for PostgreSQL",
                             "PostgreSQL source (private IP) to flexible server (private endpoint)", "2025-02"};

const Rule nsg_blocks_flow{
    "NET203", "nsg-blocks-flow", "A network security group blocks a required flow", Severity::error, "",
    "C13",    network_scenarios};
const Rule region_differs{
    "NET303", "region-differs", "Source and target are in different regions", Severity::warning, "",
    "",       network_scenarios};
const Rule custom_zone{"DNS304", "target-endpoint-zone", "The endpoint's zone", Severity::error, "", "S11-4", {}};
const Rule live_login{"LIV110", "live-login", "The migrator can log in", Severity::info, "", "", {}};
const Rule delegated{"NET301", "subnet-delegated", "The subnet is delegated", Severity::error, "", "S11-1", {}};

IpAddress address(const char* text) { return *IpAddress::parse(text); }

scenarios::FlowAssessment connected_flow() {
  scenarios::FlowAssessment flow{.id = "runtime->source", .from = "orders-runtime", .to = "orders-source"};
  flow.trace.predicted = Predicted::allowed;
  flow.trace.hops = {
      {Leg::there, "snet-runtime", HopKind::nsg, Decision::allow, "nsg-runtime/allow-postgres-out", {42, 9}, "", ""},
      {Leg::there,
       "snet-runtime",
       HopKind::route,
       Decision::forward,
       "rt-runtime/to-datacenter",
       {57, 9},
       "",
       "the longest prefix that matches is 192.168.0.0/16"},
      {Leg::back, "datacenter", HopKind::gateway, Decision::forward, "vgw-hub/to-datacenter", {70, 9}, "", ""}};
  flow.observation = {Observed::connected,
                      "vm-crossing, standing for orders-runtime",
                      address("192.168.4.20"),
                      5432,
                      address("10.10.2.4"),
                      std::chrono::milliseconds{3},
                      true,
                      ""};
  return flow;
}

scenarios::FlowAssessment stopped_flow() {
  scenarios::FlowAssessment flow{.id = "runtime->target", .from = "orders-runtime", .to = "orders-target"};
  flow.answer = {dns::AnswerKind::addresses,
                 {"orders-target.postgres.database.azure.com"},
                 {address("10.20.2.4")},
                 "zone link link-hub",
                 "",
                 "",
                 {}};
  flow.trace.predicted = Predicted::denied;
  flow.trace.hops = {{Leg::there,
                      "snet-runtime",
                      HopKind::nsg,
                      Decision::deny,
                      "nsg-runtime/deny-all-out",
                      {31, 9},
                      "nsg-deny",
                      "The rule denies TCP from 10.10.1.0/24 to every address"},
                     {Leg::there,
                      "snet-endpoints",
                      HopKind::nsg,
                      Decision::deny,
                      "nsg-endpoints/DenyAllInBound",
                      {},
                      "nsg-deny",
                      "No rule before the default ones matches"}};
  flow.observation = {
      Observed::not_probed, "", {}, 0, {}, {}, false, "orders-runtime is not where this machine stands"};
  return flow;
}

scenarios::FlowAssessment stand_in_flow() {
  scenarios::FlowAssessment flow{
      .id = "host->target", .from = "vm-crossing", .to = "orders-target", .stands_for = "orders-runtime"};
  flow.trace.predicted = Predicted::unknown;
  flow.trace.hops = {{Leg::there,
                      "snet-tools",
                      HopKind::nsg,
                      Decision::unknown,
                      "nsg-tools/to-storage",
                      {80, 9},
                      "tag-unknown",
                      "The file does not list the addresses of Storage.WestEurope"}};
  flow.observation = {
      Observed::timed_out,   "vm-crossing", address("10.20.2.4"), 5432, {}, std::chrono::milliseconds{5000}, false,
      "Connection timed out"};
  return flow;
}

std::vector<scenarios::NameAssessment> names() {
  scenarios::NameAssessment good{.name = "orders-target.postgres.database.azure.com", .from = "orders-runtime"};
  good.predicted = {
      dns::AnswerKind::addresses,
      {"orders-target.postgres.database.azure.com", "orders-target.privatelink.postgres.database.azure.com"},
      {address("10.20.2.4")},
      "zone link link-hub",
      "",
      "",
      {120, 7}};
  good.observed = dns::Lookup{good.name,
                              dns::LookupStatus::answered,
                              good.predicted.chain,
                              good.predicted.addresses,
                              "168.63.129.16",
                              std::chrono::milliseconds{3},
                              10,
                              ""};
  scenarios::NameAssessment missing{.name = "orders.corp.contoso.example", .from = "orders-runtime"};
  missing.predicted = {dns::AnswerKind::nx_domain,    {missing.name}, {}, "zone corp.contoso.example", "record-missing",
                       "The zone has no such record", {130, 7}};
  return {good, missing};
}

Finding finding(const Rule& rule, Status status, std::string subject, std::string message) {
  return {&rule, status, std::move(subject), std::move(message), {}, {}, {}, {}};
}

std::vector<Finding> findings() {
  Finding blocked = finding(nsg_blocks_flow, Status::failed, "nsg-runtime/deny-all-out",
                            "The runtime server cannot reach the target on port 5432");
  blocked.evidence = {"there: nsg at snet-runtime denies by nsg-runtime/deny-all-out (line 31)"};
  blocked.remedy = {"Allow TCP 5432 from snet-runtime to 10.20.2.4 before the rule that denies",
                    "az network nsg rule create --resource-group <resource-group> --nsg-name nsg-runtime --name "
                    "allow-orders-target --priority 90 --direction Outbound --access Allow --protocol Tcp "
                    "--source-address-prefixes 10.10.1.0/24 --destination-address-prefixes 10.20.2.4 "
                    "--destination-port-ranges 5432"};
  blocked.location = {31, 9};
  Finding zone =
      finding(custom_zone, Status::unknown, "orders-target", "Whether the zone is linked is not in the file");
  zone.remedy.text = "List the zone's virtualNetworkLinks";
  return {finding(delegated, Status::passed, "snet-runtime", "The subnet is delegated to flexible servers"),
          finding(region_differs, Status::warning, "orders-runtime", "The runtime server is in another region"),
          blocked,
          zone,
          finding(live_login, Status::skipped, "orders-source", "Left out: no password is given"),
          finding(region_differs, Status::waived, "orders-source", "Accepted by the network team")};
}

}  // namespace

Topology sample_topology() {
  Topology topology;
  topology.name = "contoso-orders";
  const auto cidr = [](const char* text) { return *Cidr::parse(text); };
  VirtualNetwork hub{.name = "vnet-hub", .address_prefixes = {cidr("10.10.0.0/16")}};
  hub.subnets = {{.name = "snet-runtime", .prefixes = {cidr("10.10.1.0/24")}},
                 {.name = "snet-tools", .prefixes = {cidr("10.10.2.0/24")}},
                 {.name = "GatewaySubnet", .prefixes = {cidr("10.10.255.0/27")}}};
  hub.peerings = {{.name = "hub-to-target", .remote_virtual_network = "vnet-target", .location = {12, 9}}};
  VirtualNetwork target{.name = "vnet-target", .address_prefixes = {cidr("10.20.0.0/16")}};
  target.subnets = {{.name = "snet-endpoints", .prefixes = {cidr("10.20.2.0/24")}}};
  target.peerings = {{.name = "target-to-hub", .remote_virtual_network = "vnet-hub", .location = {22, 9}}};
  topology.virtual_networks = {hub, target};
  topology.sites = {{.name = "datacenter", .address_prefixes = {cidr("192.168.0.0/16")}}};
  topology.virtual_network_gateways = {
      {.name = "vgw-hub",
       .virtual_network = "vnet-hub",
       .connections = {{.name = "to-datacenter", .site = "datacenter", .status = ConnectionStatus::connected}}}};
  topology.private_endpoints = {{.name = "pe-orders-target",
                                 .virtual_network = "vnet-target",
                                 .subnet = "snet-endpoints",
                                 .private_ip_address = address("10.20.2.4"),
                                 .private_link_service = "orders-target"}};
  Server source{.name = "orders-source", .site = "datacenter", .ip_address = address("192.168.4.20")};
  Server runtime{.name = "orders-runtime", .kind = ServerKind::flexible_server, .virtual_network = "vnet-hub"};
  runtime.subnet = "snet-runtime";
  topology.servers = {source, runtime, {.name = "orders-target", .kind = ServerKind::flexible_server}};
  topology.hosts = {{.name = "vm-crossing",
                     .virtual_network = "vnet-hub",
                     .subnet = "snet-tools",
                     .ip_address = address("10.10.2.4"),
                     .stands_for = "orders-runtime"}};
  return topology;
}

WaiversUsed sample_waivers() {
  const scenarios::Waiver waiver{"NET303",
                                 "orders-source",
                                 "Moved together next year",
                                 "network team",
                                 std::chrono::year{2025} / std::chrono::June / 30,
                                 {3, 5}};
  return {"waivers.yaml", std::string(64, 'b'), {{waiver, Status::warning}}};
}

Subject sample_subject() {
  return {.file = "contoso.yaml",
          .sha256 = std::string(64, 'a'),
          .topology = "contoso-orders",
          .migration = "orders-to-flexible",
          .source = "orders-source",
          .target = "orders-target",
          .runtime_server = "orders-runtime",
          .notes = {},
          .waivers = sample_waivers()};
}

Topology sample_topology(int networks) {
  Topology topology = sample_topology();
  for (int i = static_cast<int>(topology.virtual_networks.size()); i < networks; ++i) {
    const std::string name = fmt::format("vnet-spoke-{}{}", i, i % 7 == 0 ? std::string(90, 'w') : "");
    VirtualNetwork network{.name = name,
                           .address_prefixes = {*Cidr::parse(fmt::format("10.{}.0.0/16", 100 + i))},
                           .peerings = {{.name = "to-hub", .remote_virtual_network = "vnet-hub"}}};
    for (int subnet = 0; subnet < i % 4; ++subnet)
      network.subnets.push_back({.name = fmt::format("snet-{}", subnet),
                                 .prefixes = {*Cidr::parse(fmt::format("10.{}.{}.0/24", 100 + i, subnet))}});
    topology.virtual_networks.push_back(network);
    if (i % 5 == 0) continue;
    topology.virtual_networks.front().peerings.push_back(
        {.name = fmt::format("to-{}", i), .remote_virtual_network = network.name});
  }
  return topology;
}

scenarios::Assessment not_ready_assessment() {
  scenarios::Assessment assessment;
  assessment.edition = "2025-02";
  assessment.verdict = scenarios::Verdict::not_ready;
  assessment.scenario = {"S11",
                         "PostgreSQL source (private IP) to flexible server (private endpoint)",
                         true,
                         scenarios::Path::runtime_server,
                         network_scenarios,
                         {}};
  assessment.flows = {connected_flow(), stopped_flow(), stand_in_flow()};
  assessment.names = names();
  assessment.findings = findings();
  assessment.summary = {1, 1, 1, 1, 1, 1};
  return assessment;
}

scenarios::Assessment ready_assessment() {
  scenarios::Assessment assessment = not_ready_assessment();
  assessment.verdict = scenarios::Verdict::ready;
  assessment.flows = {connected_flow()};
  assessment.names.resize(1);
  assessment.findings.resize(1);
  assessment.summary = {.passed = 1};
  return assessment;
}

scenarios::Assessment hostile_assessment() {
  scenarios::Assessment assessment = not_ready_assessment();
  const std::string hostile = "\x1b]0;owned\x07\nREADY\r\xe2\x80\xae\xff" + std::string(120, 'n');
  assessment.scenario.title = hostile;
  assessment.scenario.nearest = {hostile};
  for (scenarios::FlowAssessment& flow : assessment.flows) {
    flow.id = flow.from = flow.to = flow.stands_for = flow.observation.detail = flow.observation.from = hostile;
    for (netcheck::Hop& hop : flow.trace.hops) hop.at = hop.by = hop.detail = hop.cause = hostile;
  }
  for (scenarios::NameAssessment& name : assessment.names)
    name.name = name.predicted.by = name.predicted.detail = hostile;
  for (Finding& found : assessment.findings) {
    found.subject = found.message = found.remedy.text = found.remedy.az_cli = found.cite.document = hostile;
    found.evidence = {hostile};
  }
  return assessment;
}

std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string{PGPASSAGE_SOURCE_DIR "/tests/app/golden/"} + name;
  if (std::getenv("PGPASSAGE_UPDATE_EXPECTED") != nullptr) std::ofstream{path} << actual;
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

}  // namespace pgpassage::app
