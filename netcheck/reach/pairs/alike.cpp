#include "netcheck/reach/pairs/alike.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "netcheck/reach/pairs/route_classes.hpp"

namespace pgpassage::netcheck {
namespace {

using Hash = std::pair<std::uint64_t, std::uint64_t>;
/// What a node shares with one that it could stand for: the class of its routes, and its security groups.
using Form = std::tuple<std::uint32_t, std::string_view, std::string_view>;

Form form_of(const Node& node, std::uint32_t route_class) {
  constexpr std::uint32_t any_machine = 0xffffffff;  // each is a class of its own, and they may be alike all the same
  return {node.single ? any_machine : route_class,
          node.subnet == nullptr ? std::string_view{} : node.subnet->network_security_group,
          node.place.network_security_group};
}

std::vector<Form> forms_of(const Topology& topology, const Nodes& nodes) {
  const RouteClasses routes = route_classes_of(topology, nodes);
  std::vector<Form> forms;
  for (std::uint32_t node = 0; node < nodes.size(); ++node)
    forms.push_back(form_of(nodes.all[node], routes.of_node[node]));
  return forms;
}

/// For each node one of its form in another VNet, else itself.
std::vector<std::uint32_t> twins_of(const Nodes& nodes, const std::vector<Form>& forms) {
  std::map<Form, std::vector<std::uint32_t>> some;  // the first of each form, and the first of another VNet
  for (std::uint32_t node = 0; node < nodes.size(); ++node) {
    auto& of_form = some[forms[node]];
    if (of_form.empty() || (of_form.size() == 1 && nodes.all[of_form.front()].network != nodes.all[node].network))
      of_form.push_back(node);
  }
  std::vector<std::uint32_t> twins;
  for (std::uint32_t node = 0; node < nodes.size(); ++node) {
    std::uint32_t twin = node;
    for (const std::uint32_t other : some[forms[node]])
      if (twin == node && nodes.all[other].network != nodes.all[node].network) twin = other;
    twins.push_back(twin);
  }
  return twins;
}

class Comparison {
 public:
  Comparison(const Topology& topology, const ReachMatrix& reach)
      : topology_{topology}, reach_{reach}, forms_{forms_of(topology, reach.nodes)} {
    twins_ = twins_of(reach.nodes, forms_);
  }

  /// Of a row or column, with the nodes of its own VNet replaced by their twins: what they would be to a stranger.
  Hash hash(std::uint32_t node, std::vector<Word> low, std::vector<Word> high) const {
    std::vector<std::tuple<std::uint32_t, bool, bool>> strangers;
    for (const std::uint32_t other : neighbours(node))
      strangers.emplace_back(other, has_bit(low, twins_[other]), has_bit(high, twins_[other]));
    for (const auto& [other, low_bit, high_bit] : strangers) {
      put_bit(low, other, low_bit);
      put_bit(high, other, high_bit);
    }
    low.insert(low.end(), high.begin(), high.end());
    const XXH128_hash_t hash = XXH3_128bits(low.data(), low.size() * sizeof(Word));
    return {hash.high64, hash.low64};
  }

  /// The cells with the nodes of its own VNet, there and back.
  std::vector<std::tuple<Form, Cell, Cell>> at_home(std::uint32_t node) const {
    std::vector<std::tuple<Form, Cell, Cell>> cells;
    for (const std::uint32_t other : neighbours(node))
      cells.emplace_back(other == node ? Form{} : forms_[other], reach_.cells.at(node, other),
                         reach_.cells.at(other, node));
    std::sort(cells.begin(), cells.end());
    return cells;
  }

 private:
  std::vector<std::uint32_t> neighbours(std::uint32_t node) const {
    const VirtualNetwork* network = reach_.nodes.all[node].network;
    if (network == nullptr) return {node};
    return reach_.nodes.of_network[static_cast<std::size_t>(network - topology_.virtual_networks.data())];
  }

  const Topology& topology_;
  const ReachMatrix& reach_;
  std::vector<Form> forms_;
  std::vector<std::uint32_t> twins_;
};

std::vector<Word> words_of(std::span<const Word> words) { return {words.begin(), words.end()}; }

void add(std::optional<Cell>& known, bool& mixed, Cell cell) {
  if (known && *known != cell) mixed = true;
  known = cell;
}

}  // namespace

AlikeClasses alike_classes_of(const Topology& topology, const ReachMatrix& reach) {
  const Comparison comparison{topology, reach};
  const Matrix& cells = reach.cells;
  using Key = std::tuple<Hash, Hash, std::vector<std::tuple<Form, Cell, Cell>>>;
  std::map<Key, std::uint32_t> numbers;
  AlikeClasses classes;
  for (std::uint32_t first = 0; first < cells.size(); first += 64) {
    Columns columns = columns_of(cells, first);
    for (std::uint32_t node = first; node < first + columns.count; ++node) {
      Key key{comparison.hash(node, words_of(cells.low(node)), words_of(cells.high(node))),
              comparison.hash(node, words_of(columns.low_of(node)), words_of(columns.high_of(node))),
              comparison.at_home(node)};
      const auto number = numbers.emplace(std::move(key), static_cast<std::uint32_t>(numbers.size())).first->second;
      if (number == classes.members.size()) classes.members.emplace_back();
      classes.members[number].push_back(node);
      classes.of_node.push_back(number);
    }
  }
  return classes;
}

std::vector<ClassCell> cells_from(const ReachMatrix& reach, const AlikeClasses& classes, std::uint32_t from) {
  std::vector<ClassCell> cells(classes.members.size());
  // All members have the cells of the first with strangers, and cells of the same kind at home.
  const std::uint32_t first = classes.members[from].front();
  for (std::uint32_t to = 0; to < reach.nodes.size(); ++to) {
    ClassCell& cell = cells[classes.of_node[to]];
    const bool home = nearness_of(reach.nodes.all[first], reach.nodes.all[to]) != Nearness::apart;
    const Cell said = reach.cells.at(first, to);
    if (said != Cell::self) add(home ? cell.same_network : cell.apart, cell.mixed, said);
  }
  return cells;
}

}  // namespace pgpassage::netcheck
