#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/report/pairs_report.hpp"
#include "netcheck/reach/pairs/alike.hpp"

namespace pgpassage::app {
namespace {

using netcheck::Cell;

constexpr std::size_t names_shown = 6;    // of a class
constexpr std::size_t most_columns = 16;  // of classes in a grid

std::string with_thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

/// 1, 2, 3, 5 as "1-3, 5".
std::string ranges_text(const std::vector<std::size_t>& numbers) {
  std::vector<std::string> ranges;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    ranges.push_back(last == i ? fmt::format("{}", numbers[i]) : fmt::format("{}-{}", numbers[i], numbers[last]));
    i = last + 1;
  }
  return fmt::format("{}", fmt::join(ranges, ", "));
}

std::string members_text(const netcheck::Nodes& nodes, const std::vector<std::uint32_t>& members) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < members.size() && i < names_shown; ++i) names.push_back(nodes.all[members[i]].name());
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (members.size() > names_shown) text += fmt::format(" and {} more", with_thousands(members.size() - names_shown));
  return text;
}

/// The classes to which cells say `cell`.
struct Reached {
  std::vector<std::size_t> everywhere, at_home, apart;

  bool empty() const { return everywhere.empty() && at_home.empty() && apart.empty(); }
};

bool is(const std::optional<Cell>& said, Cell cell) { return said == cell; }

Reached reached(const std::vector<netcheck::ClassCell>& cells, Cell cell) {
  Reached reached;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool apart = is(cells[i].apart, cell), home = is(cells[i].same_network, cell);
    if (cells[i].mixed || (!apart && !home)) continue;
    const bool both = (apart || !cells[i].apart) && (home || !cells[i].same_network);
    (both ? reached.everywhere : apart ? reached.apart : reached.at_home).push_back(i + 1);
  }
  return reached;
}

std::string reached_text(const TextStyle& style, std::string_view verb, const Reached& reached) {
  std::vector<std::string> parts;
  if (!reached.everywhere.empty()) parts.push_back(ranges_text(reached.everywhere));
  if (!reached.at_home.empty()) parts.push_back(ranges_text(reached.at_home) + " (in its own VNet only)");
  if (!reached.apart.empty()) parts.push_back(ranges_text(reached.apart) + " (in other VNets only)");
  if (parts.empty()) return {};
  return labelled(style, 19, fmt::format("       {}", verb), fmt::format("{}", fmt::join(parts, "; ")));
}

std::string mixed_text(const TextStyle& style, const std::vector<netcheck::ClassCell>& cells) {
  std::vector<std::size_t> mixed;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].mixed) mixed.push_back(i + 1);
  return mixed.empty() ? std::string{} : labelled(style, 19, "       some of", ranges_text(mixed));
}

std::string class_text(const PairsReport& report, const netcheck::AlikeClasses& classes, std::uint32_t number,
                       const TextStyle& style) {
  const auto cells = netcheck::cells_from(*report.reach, classes, number);
  std::string text = labelled(style, 7, fmt::format("  {:>4}", number + 1),
                              members_text(report.reach->nodes, classes.members[number]));
  const Reached allowed = reached(cells, Cell::allowed);
  if (allowed.empty()) text += "       reaches     nobody\n";
  text += reached_text(style, "reaches", allowed);
  text += reached_text(style, "unknown", reached(cells, Cell::unknown));
  return text + mixed_text(style, cells);
}

std::string_view sign(const netcheck::ClassCell& cell) {
  if (cell.mixed || (cell.apart && cell.same_network && cell.apart != cell.same_network)) return "~";
  const auto said = cell.apart ? cell.apart : cell.same_network;
  if (!said) return "-";
  return *said == Cell::allowed ? "+" : *said == Cell::denied ? "." : "?";
}

std::string grid_of(const PairsReport& report, const netcheck::AlikeClasses& classes) {
  std::string text = "  from \\ to";
  for (std::size_t to = 0; to < classes.members.size(); ++to) text += fmt::format("{:>4}", to + 1);
  for (std::uint32_t from = 0; from < classes.members.size(); ++from) {
    text += fmt::format("\n  {:>9}", from + 1);
    for (const auto& cell : netcheck::cells_from(*report.reach, classes, from))
      text += fmt::format("{:>4}", sign(cell));
  }
  return text +
         "\n  + reached, . denied, ? unknown, ~ depends on the VNet, - no such flow\n"
         "  on the diagonal: within one node, or between the nodes of one class; a single\n"
         "  machine has no flow to itself\n\n";
}

std::string answer(const netcheck::Counts& counts, Port port, const TextStyle& style) {
  const std::uint64_t all = counts.allowed + counts.denied + counts.unknown;
  const Tone tone = counts.unknown > 0 ? Tone::unsure : Tone::good;
  return fmt::format("{}\n", paint(style, tone,
                                   fmt::format("{} of {} flows on TCP port {} pass; {} denied, {} unknown",
                                               with_thousands(counts.allowed), with_thousands(all), port,
                                               with_thousands(counts.denied), with_thousands(counts.unknown))));
}

}  // namespace

std::string render_pairs_text(const PairsReport& report, const TextStyle& style) {
  const netcheck::AlikeClasses classes = netcheck::alike_classes_of(*report.topology, *report.reach);
  std::string text = answer(netcheck::counts_of(report.reach->cells), report.port, style);
  text += fmt::format("  {} nodes, in {} classes that behave alike\n  matrix {}\n\n",
                      with_thousands(report.reach->nodes.size()), with_thousands(classes.members.size()),
                      netcheck::hash_of(report.reach->cells));
  if (classes.members.size() > most_classes_in_json)
    return text + wrap(style, 2, "  too many classes to list: ask for --from NODE or --to NODE, or for both") + "\n";
  if (classes.members.size() <= most_columns) text += grid_of(report, classes);
  for (std::uint32_t i = 0; i < classes.members.size(); ++i) text += class_text(report, classes, i, style);
  return text;
}

std::string render_neighbours_text(const PairsReport& report, std::uint32_t node, bool outwards,
                                   const TextStyle& style) {
  const netcheck::ReachMatrix& reach = *report.reach;
  std::vector<std::string> allowed, unknown;
  for (std::uint32_t other = 0; other < reach.nodes.size(); ++other) {
    const Cell cell = outwards ? reach.cells.at(node, other) : reach.cells.at(other, node);
    if (cell == Cell::allowed) allowed.push_back(reach.nodes.all[other].name());
    if (cell == Cell::unknown) unknown.push_back(reach.nodes.all[other].name());
  }
  const std::string name = printable(reach.nodes.all[node].name());
  std::string text = outwards ? fmt::format("{} reaches {} of {} nodes on TCP port {}; {} unknown\n", name,
                                            allowed.size(), reach.nodes.size(), report.port, unknown.size())
                              : fmt::format("{} of {} nodes reach {} on TCP port {}; {} unknown\n", allowed.size(),
                                            reach.nodes.size(), name, report.port, unknown.size());
  for (const std::string& other : allowed)
    text += fmt::format("  {} {}\n", paint(style, Tone::good, symbol(style, Tone::good)), wrap(style, 4, other));
  for (const std::string& other : unknown)
    text += fmt::format("  {} {}\n", paint(style, Tone::unsure, symbol(style, Tone::unsure)), wrap(style, 4, other));
  return text;
}

}  // namespace pgpassage::app
