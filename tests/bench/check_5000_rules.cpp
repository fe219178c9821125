// How long `pgpassage check --no-live` takes from start to exit on 50 virtual networks and 5,000 security rules:
// `bench_check [path of pgpassage]`. Prints both formats beside `pgpassage version`, which is what starting costs.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/temporary_directory.hpp"

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr int networks = 50;
constexpr int rules_of_group = 100;
constexpr int runs = 31;

json::object rule(int network, int index) {
  return {{"name", fmt::format("rule-{}", index)},
          {"priority", 200 + index},
          {"direction", index % 2 == 0 ? "Outbound" : "Inbound"},
          {"access", index % 3 == 0 ? "Deny" : "Allow"},
          {"protocol", "Tcp"},
          {"sourceAddressPrefix", fmt::format("10.{}.{}.0/24", network, 100 + index)},
          {"sourcePortRange", "*"},
          {"destinationAddressPrefix", fmt::format("10.{}.{}.0/24", (network + 7) % networks, 100 + index)},
          {"destinationPortRange", fmt::format("{}", 1000 + index)}};
}

json::object network(int index) {
  json::array subnets{json::object{{"name", "snet-database"},
                                   {"addressPrefix", fmt::format("10.{}.1.0/24", index)},
                                   {"networkSecurityGroup", fmt::format("nsg-{}", index)},
                                   {"delegations", {"Microsoft.DBforPostgreSQL/flexibleServers"}}}};
  if (index == 0) subnets.push_back(json::object{{"name", "GatewaySubnet"}, {"addressPrefix", "10.0.255.0/27"}});
  json::array peerings;
  for (const int remote : index == 0 ? std::vector<int>{} : std::vector<int>{0})
    peerings.push_back(json::object{{"name", "to-hub"},
                                    {"remoteVirtualNetwork", fmt::format("vnet-{}", remote)},
                                    {"peeringState", "Connected"},
                                    {"allowVirtualNetworkAccess", true}});
  for (int remote = 1; index == 0 && remote < networks; ++remote)
    peerings.push_back(json::object{{"name", fmt::format("to-{}", remote)},
                                    {"remoteVirtualNetwork", fmt::format("vnet-{}", remote)},
                                    {"peeringState", "Connected"},
                                    {"allowVirtualNetworkAccess", true}});
  return {{"name", fmt::format("vnet-{}", index)},
          {"location", "westeurope"},
          {"addressPrefixes", {fmt::format("10.{}.0.0/16", index)}},
          {"subnets", std::move(subnets)},
          {"peerings", std::move(peerings)}};
}

json::object topology() {
  json::array all_networks;
  json::array groups;
  for (int i = 0; i < networks; ++i) {
    json::array rules;
    for (int j = 0; j < rules_of_group; ++j) rules.push_back(rule(i, j));
    groups.push_back(json::object{{"name", fmt::format("nsg-{}", i)}, {"securityRules", std::move(rules)}});
    all_networks.push_back(network(i));
  }
  const json::object connection{{"name", "to-datacenter"}, {"site", "datacenter"}, {"connectionStatus", "Connected"}};
  const json::object gateway{
      {"name", "vgw"}, {"virtualNetwork", "vnet-0"}, {"gatewayType", "Vpn"}, {"connections", json::array{connection}}};
  const json::object source{{"name", "source"},
                            {"kind", "onPremises"},
                            {"access", "private"},
                            {"site", "datacenter"},
                            {"ipAddress", "192.168.4.20"}};
  const json::object target{{"name", "target"},           {"kind", "flexibleServer"},  {"access", "vnetIntegrated"},
                            {"virtualNetwork", "vnet-0"}, {"subnet", "snet-database"}, {"ipAddress", "10.0.1.4"},
                            {"location", "westeurope"}};
  const json::object site{{"name", "datacenter"}, {"kind", "onPremises"}, {"addressPrefixes", {"192.168.0.0/16"}}};
  return {{"apiVersion", "pgpassage/v1"},
          {"metadata", json::object{{"name", "large"}}},
          {"virtualNetworks", std::move(all_networks)},
          {"networkSecurityGroups", std::move(groups)},
          {"virtualNetworkGateways", json::array{gateway}},
          {"sites", json::array{site}},
          {"servers", json::array{source, target}},
          {"migration", json::object{{"name", "large"}, {"source", "source"}, {"target", "target"}}}};
}

/// Block style, as people write it.
void write_yaml(std::string& text, const json::value& value, int indent) {
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    bool first = true;
    for (const auto& member : *object) {
      if (!first) text += fmt::format("{:{}}", "", indent);
      first = false;
      text += fmt::format("{}:", std::string{member.key()});
      const bool nested = member.value().is_object() || member.value().is_array();
      text += nested ? fmt::format("\n{:{}}", "", indent + 2) : " ";
      write_yaml(text, member.value(), indent + 2);
    }
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    bool first = true;
    for (const json::value& element : *array) {
      if (!first) text += fmt::format("{:{}}", "", indent);
      first = false;
      text += "- ";
      write_yaml(text, element, indent + 2);
    }
  } else {
    text += json::serialize(value) + "\n";
  }
}

struct Timing {
  double fastest = 0;
  double median = 0;
  int exit_code = -1;
};

Timing time_of(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  std::vector<double> milliseconds;
  int status = 0;
  for (int run = 0; run < runs; ++run) {
    const Clock::time_point start = Clock::now();
    pid_t child = 0;
    if (posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) return {};
    ::waitpid(child, &status, 0);
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  posix_spawn_file_actions_destroy(&actions);
  std::ranges::sort(milliseconds);
  return {milliseconds.front(), milliseconds[runs / 2], WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

void print(const char* what, std::size_t bytes, const Timing& timing, const Timing& start) {
  fmt::print("{:<14} {:>9} bytes  fastest {:7.2f} ms  median {:7.2f} ms  {:5.1f} x version  exit {}\n", what, bytes,
             timing.fastest, timing.median, timing.median / start.median, timing.exit_code);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string binary = count > 1 ? arguments[1] : PGPASSAGE_BINARY;
  const pgpassage::test::TemporaryDirectory folder{"bench"};
  const json::object large = topology();
  std::string yaml;
  write_yaml(yaml, large, 0);
  const std::string text = json::serialize(large);
  std::ofstream{folder / "large.yaml"} << yaml;
  std::ofstream{folder / "large.json"} << text;
  const Timing start = time_of({binary, "version"});
  print("version", 0, start, start);
  print("check JSON", text.size(), time_of({binary, "check", "--no-live", folder / "large.json"}), start);
  print("check YAML", yaml.size(), time_of({binary, "check", "--no-live", folder / "large.yaml"}), start);
}
