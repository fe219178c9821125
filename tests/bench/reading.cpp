// How long a topology takes to be read: `reading [rules]`. Prints both formats, what their parsers alone take, and the
// largest memory so far.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "netcheck/topology/document/document.hpp"
#include "netcheck/topology/reader.hpp"

namespace {

using Clock = std::chrono::steady_clock;
constexpr int rules_of_group = 500;
constexpr int networks = 50;

std::string yaml_topology(int rules) {
  std::string text = "apiVersion: pgpassage/v1\nmetadata:\n  name: large\nvirtualNetworks:\n";
  for (int i = 0; i < networks; ++i)
    text += fmt::format(
        "  - name: vnet-{0}\n    addressPrefixes: [10.{0}.0.0/16]\n    subnets:\n"
        "      - {{name: snet-a, addressPrefix: 10.{0}.1.0/24}}\n",
        i);
  text += "networkSecurityGroups:\n";
  for (int i = 0; i < rules; ++i) {
    if (i % rules_of_group == 0) text += fmt::format("  - name: nsg-{}\n    securityRules:\n", i / rules_of_group);
    text += fmt::format(
        "      - name: rule-{0}\n        priority: {1}\n        direction: Outbound\n"
        "        access: Allow\n        protocol: Tcp\n        sourceAddressPrefix: 10.{2}.1.0/24\n"
        "        sourcePortRange: \"*\"\n        destinationAddressPrefix: VirtualNetwork\n"
        "        destinationPortRange: \"5432\"\n",
        i, 100 + i % rules_of_group, i % 256);
  }
  return text;
}

std::string json_topology(int rules) {
  std::string text = R"({"apiVersion": "pgpassage/v1", "metadata": {"name": "large"}, "virtualNetworks": [)";
  for (int i = 0; i < networks; ++i)
    text += fmt::format(R"({1}{{"name": "vnet-{0}", "addressPrefixes": ["10.{0}.0.0/16"],
      "subnets": [{{"name": "snet-a", "addressPrefix": "10.{0}.1.0/24"}}]}})",
                        i, i == 0 ? "\n" : ",\n");
  text += R"(], "networkSecurityGroups": [)";
  for (int i = 0; i < rules; ++i) {
    if (i % rules_of_group == 0)
      text += fmt::format(R"({}{{"name": "nsg-{}", "securityRules": [)", i == 0 ? "" : "]},", i / rules_of_group);
    text += fmt::format(R"({}{{"name": "rule-{}", "priority": {}, "direction": "Outbound", "access": "Allow",
      "protocol": "Tcp", "sourceAddressPrefix": "10.{}.1.0/24", "sourcePortRange": "*",
      "destinationAddressPrefix": "VirtualNetwork", "destinationPortRange": "5432"}})",
                        i % rules_of_group == 0 ? "\n" : ",\n", i, 100 + i % rules_of_group, i % 256);
  }
  return text + (rules > 0 ? "]}]}" : "]}");
}

/// The fastest of a few runs, in milliseconds.
template <class Run>
double milliseconds(Run run) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    if (!run()) std::exit(1);
    best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  return best;
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

template <class Parse>
void report(const char* format, const std::string& text, Parse parse) {
  const double parser = milliseconds([&] { return parse(text).has_value(); });
  const double whole = milliseconds([&] { return pgpassage::read_topology(text).has_value(); });
  fmt::print("{}: {:.1f} MB in {:.1f} ms, of which the tree {:.1f} ms ({:.2f} of it); peak {} MB\n", format,
             static_cast<double>(text.size()) / 1e6, whole, parser, parser / whole, peak_megabytes());
}

}  // namespace

int main(int argc, char** argv) {
  const int rules = argc > 1 ? std::atoi(argv[1]) : 5000;
  fmt::print("{} networks, {} security rules\n", networks, rules);
  report("json", json_topology(rules), pgpassage::document::read_json);
  report("yaml", yaml_topology(rules), pgpassage::document::read_yaml);
}
