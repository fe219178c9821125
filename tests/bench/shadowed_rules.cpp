// What processor time the search for shadowed rules takes, on one thread: `bench_shadows [groups [rules of a group]]`.
// Estates of three kinds, read from nothing but their seed: rules as people write them, rules that all overlap a
// little, and rules of which each is shadowed by several together.
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <random>

#include "netcheck/lint/shadows.hpp"

namespace {

using namespace pgpassage;

AddressPrefix prefix(std::uint32_t address, int length) { return {Cidr{IpAddress::from_ipv4(address), length}, ""}; }

SecurityRule rule(int index, std::mt19937& random) {
  SecurityRule result;
  result.name = fmt::format("rule-{}", index);
  result.priority = 100 + index;
  result.direction = index % 2 == 0 ? Direction::inbound : Direction::outbound;
  result.access = random() % 4 == 0 ? Access::deny : Access::allow;
  result.protocol = Protocol::tcp;
  result.source_ports = {PortRange{}};
  return result;
}

/// A subnet to a subnet on a port, and a Deny of everything at the end.
void as_written(NetworkSecurityGroup& group, int rules, std::mt19937& random) {
  for (int index = 0; index < rules; ++index) {
    SecurityRule next = rule(index, random);
    const bool last = index >= rules - 2;
    next.source_prefixes = {last ? AddressPrefix{{}, "*"} : prefix(0x0a000000U | (random() & 0xffff00U), 24)};
    next.destination_prefixes = {last ? AddressPrefix{{}, "*"} : prefix(0x0a000000U | (random() & 0xffff00U), 24)};
    const auto port = static_cast<Port>(random() % 20 == 0 ? 5432 : 1024 + random() % 60000);
    next.destination_ports = {last ? PortRange{} : PortRange{port, port}};
    if (last) next.protocol = Protocol::any, next.access = Access::deny;
    group.rules.push_back(std::move(next));
  }
}

/// Wide prefixes and port ranges, every one of which overlaps many others.
void overlapping(NetworkSecurityGroup& group, int rules, std::mt19937& random) {
  for (int index = 0; index < rules; ++index) {
    SecurityRule next = rule(index, random);
    next.source_prefixes = {prefix(0x0a000000U | (random() & 0xf00000U), 12 + static_cast<int>(random() % 6))};
    next.destination_prefixes = {prefix(0x0a000000U | (random() & 0xf00000U), 12 + static_cast<int>(random() % 6))};
    const auto first = static_cast<Port>(random() % 40000);
    next.destination_ports = {PortRange{first, static_cast<Port>(first + random() % 20000)}};
    group.rules.push_back(std::move(next));
  }
}

/// Runs of four: the two halves of a range of ports to the two halves of a prefix, then what they are together.
void shadowed_together(NetworkSecurityGroup& group, int rules, std::mt19937& random) {
  for (int index = 0; index < rules; ++index) {
    SecurityRule next = rule(0, random);
    next.name = fmt::format("rule-{}", index);
    next.priority = 100 + index;
    const std::uint32_t base = 0x0a000000U | (static_cast<std::uint32_t>(index / 5) << 8U);
    const int part = index % 5;
    next.source_prefixes = {prefix(0x0a000000U, 8)};
    next.destination_prefixes = {part == 4 ? prefix(base, 24) : prefix(base | (part % 2 == 0 ? 0U : 128U), 25)};
    next.destination_ports = {part == 4  ? PortRange{5000, 6000}
                              : part < 2 ? PortRange{5000, 5500}
                                         : PortRange{5501, 6000}};
    group.rules.push_back(std::move(next));
  }
}

template <class Write>
void measure(const char* kind, int groups, int rules, Write write) {
  std::mt19937 random{42};
  const Topology topology;
  double seconds = 0;
  std::size_t shadowed = 0, undecided = 0;
  for (int index = 0; index < groups; ++index) {
    NetworkSecurityGroup group;
    write(group, rules, random);
    const std::clock_t start = std::clock();
    const auto found = netcheck::lint::shadowed_rules(netcheck::lint::GroupBoxes{topology, group, {}});
    seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    shadowed += found.rules.size();
    undecided += found.undecided.size();
  }
  fmt::print("{:<18} {:>9} rules in {:5} groups: {:6.2f} s of processor time, {} shadowed, {} undecided\n", kind,
             groups * rules, groups, seconds, shadowed, undecided);
}

}  // namespace

int main(int count, char** arguments) {
  const int groups = count > 1 ? std::atoi(arguments[1]) : 1000;
  const int rules = count > 2 ? std::atoi(arguments[2]) : 1000;
  measure("as written", groups, rules, as_written);
  measure("overlapping", groups, rules, overlapping);
  measure("shadowed together", groups, rules, shadowed_together);
}
