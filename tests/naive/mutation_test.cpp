// Every ready example with one thing left out or altered: ready again only where the naive evaluator still sees every
// required flow pass.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "netcheck/topology/reader.hpp"
#include "scenarios/verdict/assessment.hpp"
#include "tests/naive/names.hpp"
#include "tests/naive/reach.hpp"
#include "tests/random/tree.hpp"

namespace pgpassage::naive {
namespace {

namespace fs = std::filesystem;
using random::Path;
using random::Tree;

std::string text_of(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Judged {
  Topology topology;
  scenarios::Assessment assessment;
  bool ready() const { return assessment.verdict == scenarios::Verdict::ready; }
};

/// Absent when the file is no longer one.
std::optional<Judged> judge(const Tree& tree) {
  auto topology = read_topology(boost::json::serialize(tree));
  if (!topology) return std::nullopt;
  auto assessment = scenarios::assess(*topology, topology->edition);
  if (!assessment) return std::nullopt;
  Judged judged{std::move(*topology), {}};
  judged.assessment = std::move(*scenarios::assess(judged.topology, judged.topology.edition));
  return judged;
}

/// The other values that a fact may have.
std::vector<Tree> others(const Path& path, const Tree& value) {
  static const std::vector<std::set<std::string>> words{
      {"Allow", "Deny"},
      {"Inbound", "Outbound"},
      {"Tcp", "Udp"},
      {"Connected", "Initiated", "NotConnected", "Unknown"},
      {"Approved", "Pending", "Rejected"},
      {"Vpn", "ExpressRoute"},
      {"Enabled", "Disabled"},
      {"onPremises", "aws", "gcp"},
      {"public", "private", "vnetIntegrated", "privateEndpoint"},
      {"VirtualAppliance", "None", "Internet", "VnetLocal", "VirtualNetworkGateway"}};
  std::vector<Tree> result;
  if (value.is_bool()) return {Tree{!value.as_bool()}};
  if (!value.is_string()) return {};
  const std::string text{value.as_string()};
  for (const auto& group : words)
    if (group.contains(text))
      for (const std::string& word : group)
        if (word != text) result.emplace_back(word);
  if (const auto address = IpAddress::parse(text); address && address->ipv4() != 0)
    result.emplace_back(IpAddress::from_ipv4(address->ipv4() + 1).to_string());
  if (text.find('/') != text.npos)
    if (const auto prefix = Cidr::parse(text)) result.emplace_back("10.99.0.0/24");
  if (text == "5432") result.emplace_back("5433");
  if (path.back() == "fqdn") result.emplace_back("other." + text);
  return result;
}

/// Where packets to the server go when its name resolved to that address; absent when something else answers there.
std::optional<End> end_at(const Topology& topology, const Server& server, const IpAddress& address) {
  auto end = end_of(topology, address.to_string());
  if (!end || (end->server != nullptr && end->server != &server)) return std::nullopt;
  end->server = &server;
  return end;
}

/// What the naive evaluator has against one flow that is said to pass; empty when it confirms it.
std::string objection(const Judged& judged, const scenarios::FlowAssessment& flow) {
  const auto from = end_of(judged.topology, flow.from);
  if (!from) return flow.id + " has no start";
  bool tried = false;
  for (const IpAddress& address : flow.answer.addresses) {
    if (!families_from(*from).contains(address.family())) continue;      // it is not asked for what it cannot speak
    if (tried && address.family() == IpAddress::Family::ipv6) continue;  // clients try IPv4 when IPv6 does not answer
    tried = true;
    const auto to = end_at(judged.topology, *find_server(judged.topology, flow.to), address);
    if (!to) return fmt::format("{} has no end: {}", flow.id, address.to_string());
    if (reaches(judged.topology, *from, *to, flow.port, Protocol::tcp) != true)
      return fmt::format("{} from {} to {} does not surely pass", flow.id, flow.from, address.to_string());
  }
  return tried ? "" : flow.id + " has no address";
}

/// The same for the verdict "ready".
std::string objection(const Judged& judged) {
  for (const scenarios::FlowAssessment& flow : judged.assessment.flows)
    if (std::string why = objection(judged, flow); !why.empty()) return why;
  for (const scenarios::NameAssessment& name : judged.assessment.names) {
    const auto from = end_of(judged.topology, name.from);
    const std::set<IpAddress> said{name.predicted.addresses.begin(), name.predicted.addresses.end()};
    if (!from || resolves(judged.topology, *from, name.name) != said)
      return fmt::format("{} from {} does not surely resolve so", name.name, name.from);
  }
  return judged.assessment.flows.empty() ? "no flow is required" : "";
}

struct Count {
  int mutants = 0, unreadable = 0, stopped = 0, irrelevant = 0;
};

void try_mutant(const std::string& name, const std::string& change, const Tree& tree, Count& count) {
  ++count.mutants;
  const auto judged = judge(tree);
  if (!judged) return static_cast<void>(++count.unreadable);
  if (!judged->ready()) return static_cast<void>(++count.stopped);
  ++count.irrelevant;
  const std::string why = objection(*judged);
  EXPECT_EQ(why, "") << name << ": ready " << change;
}

/// Each ready example, judged.
template <class Visit>
int for_each_ready_example(Visit visit) {
  int examples = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator{PGPASSAGE_SOURCE_DIR "/topology-examples"}) {
    if (entry.path().extension() != ".yaml") continue;
    const Tree tree = random::tree_of(text_of(entry.path()));
    const auto judged = judge(tree);
    EXPECT_TRUE(judged) << entry.path();
    if (!judged || !judged->ready()) continue;
    ++examples;
    visit(entry.path().stem().string(), tree, *judged);
  }
  return examples;
}

TEST(Mutation, OfAReadyExampleIsReadyOnlyWhereTheNaiveEvaluatorConfirmsIt) {
  Count count;
  const auto mutate = [&](const std::string& name, const Tree& tree, const Judged& judged) {
    EXPECT_EQ(objection(judged), "") << name;
    for (const Path& path : random::paths_of(tree)) {
      try_mutant(name, "without " + random::to_string(path), random::without(tree, path), count);
      for (const Tree& other : others(path, random::at(tree, path)))
        try_mutant(name, fmt::format("with {}: {}", random::to_string(path), boost::json::serialize(other)),
                   random::with(tree, path, other), count);
    }
  };
  const int examples = for_each_ready_example(mutate);
  fmt::print("{} mutants of {} examples: {} no longer read, {} no longer ready, {} irrelevant\n", count.mutants,
             examples, count.unreadable, count.stopped, count.irrelevant);
  EXPECT_GT(count.stopped, 100);
}

bool decides(const Judged& judged, const std::string& object) {
  for (const scenarios::FlowAssessment& flow : judged.assessment.flows)
    for (const netcheck::Hop& hop : flow.trace.hops)
      if (("/" + hop.by + "/").find("/" + object + "/") != std::string::npos) return true;
  return false;
}

/// Did the fact decide something about a required flow: one of a list's rules, or else the object itself?
bool on_the_way(const Judged& judged, const Tree& object, const std::string& fact) {
  const std::string name{object.at("name").as_string()};
  if (!object.at(fact).is_array()) return decides(judged, name);
  return std::ranges::any_of(object.at(fact).as_array(), [&](const Tree& rule) {
    return decides(judged, fmt::format("{}/{}", name, std::string_view{rule.at("name").as_string()}));
  });
}

TEST(Mutation, OfAReadyExampleWithoutAFactOnTheWayIsNeverReady) {
  // Of these absence means unknown (contract 1, 6.8).
  const std::set<std::string> facts{"connectionStatus", "firewallRules", "authorizedNetworks", "publicIpAddress"};
  int left_out = 0;
  for_each_ready_example([&](const std::string& name, const Tree& tree, const Judged& judged) {
    for (const Path& path : random::paths_of(tree)) {
      if (!facts.contains(path.back())) continue;
      if (!on_the_way(judged, random::at(tree, Path(path.begin(), path.end() - 1)), path.back())) continue;
      ++left_out;
      const auto without = judge(random::without(tree, path));
      EXPECT_FALSE(without && without->ready()) << name << " without " << random::to_string(path);
    }
  });
  EXPECT_GT(left_out, 20);
}

TEST(Mutation, ReachesEveryKeyThatDecidesAWay) {
  std::set<std::string> keys;
  for_each_ready_example([&](const std::string&, const Tree& tree, const Judged&) {
    for (const Path& path : random::paths_of(tree)) keys.insert(path.back());
  });
  for (const char* key :
       {"networkAcls", "learnedRoutes", "aaaaRecords", "dnsOutboundEndpoints", "dnsResolverOutboundEndpoints",
        "securityAdminConfigurations", "networkGroups", "authorizedNetworks", "ipv6Address", "resolutionPolicy"})
    EXPECT_TRUE(keys.contains(key)) << "no ready example has " << key;
}

}  // namespace
}  // namespace pgpassage::naive
