#include <algorithm>
#include <map>

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/reach/pairs/estate.hpp"

namespace pgpassage::netcheck {
namespace {

/// What all nodes of one class have in common: their ways to the nodes of other VNets.
struct ClassRow {
  std::vector<Word> denied, unknown, by_subnet, by_interface;
  std::map<NsgOnTheWay, std::vector<Word>> between;
  std::vector<std::uint32_t> special;
};

ClassRow class_row(const Estate& estate, std::uint32_t route_class, std::size_t words) {
  const std::vector<Word> none(words);
  ClassRow row{none, none, none, none, {}, {}};
  for (const std::uint32_t to : estate.indexes) {
    const std::uint32_t index = estate.ways.from(route_class)[estate.classes.of_node[to]];
    if (index == Ways::no_way) continue;
    const Way& way = estate.ways.all()[index];
    put_bit(row.denied, to, way.predicted == Predicted::denied);
    put_bit(row.unknown, to, way.predicted == Predicted::unknown);
    put_bit(row.by_subnet, to, way.leaves_by_subnet);
    put_bit(row.by_interface, to, way.leaves_by_interface);
    if (way.special) row.special.push_back(to);
    for (const NsgOnTheWay& place : way.between) put_bit(row.between.try_emplace(place, none).first->second, to, true);
  }
  return row;
}

/// One row while it is filled. Groups at appliances are asked once for all nodes that match their rules alike.
class Row {
 public:
  Row(const Estate& estate, Matrix& cells) : estate_{estate}, cells_{cells}, painter_{estate.nodes.size()} {}

  void fill(std::uint32_t from, const ClassRow& common, std::vector<std::uint32_t>& special) {
    from_ = from;
    std::copy(common.denied.begin(), common.denied.end(), cells_.low(from).begin());
    std::copy(common.unknown.begin(), common.unknown.end(), cells_.high(from).begin());
    special = common.special;
    std::erase_if(special, [&](std::uint32_t to) { return near(to); });
    for (const std::uint32_t to : estate_.neighbours(from)) set_way(to, special);
    if (const AskedGroup group = subnet_group())
      add(painter_.paint(group, FixedEnd::source, from, false), common.by_subnet, &Way::leaves_by_subnet);
    if (const AskedGroup group = estate_.groups.of_interface(estate_.nodes.all[from], Direction::outbound))
      add(painter_.paint(group, FixedEnd::source, from, false), common.by_interface, &Way::leaves_by_interface);
    add_between(common);
  }

 private:
  bool near(std::uint32_t to) const {
    return nearness_of(estate_.nodes.all[from_], estate_.nodes.all[to]) != Nearness::apart;
  }

  AskedGroup subnet_group() const {
    const Subnet* subnet = estate_.nodes.all[from_].subnet;
    return subnet == nullptr ? AskedGroup{} : estate_.groups.of_subnet(*subnet, Direction::outbound);
  }

  void set_way(std::uint32_t to, std::vector<std::uint32_t>& special) {
    const Way& way = estate_.way(from_, to);
    put_bit(cells_.low(from_), to, way.predicted == Predicted::denied);
    put_bit(cells_.high(from_), to, way.predicted == Predicted::unknown);
    if (way.special) special.push_back(to);
  }

  void add_bit(const NsgRow& row, std::uint32_t to) {
    if (has_bit(row.denied, to)) put_bit(cells_.low(from_), to, true);
    if (has_bit(row.unknown, to)) put_bit(cells_.high(from_), to, true);
  }

  /// `where`: the nodes of other VNets on whose way the group is asked; `asked`: the same for neighbours.
  void add(const NsgRow& row, const std::vector<Word>& where, bool Way::*asked) {
    add_apart(row, where);
    for (const std::uint32_t to : estate_.neighbours(from_))
      if (estate_.way(from_, to).*asked) add_bit(row, to);
  }

  void add_apart(const NsgRow& row, const std::vector<Word>& where) {
    const auto low = cells_.low(from_), high = cells_.high(from_);
    // A class may have ways to these nodes as well, from its members in other VNets.
    const auto kept = neighbour_bits();
    for (std::size_t word = 0; word < where.size(); ++word) {
      low[word] |= row.denied[word] & where[word];
      high[word] |= row.unknown[word] & where[word];
    }
    restore(kept);
  }

  std::vector<std::pair<bool, bool>> neighbour_bits() const {
    std::vector<std::pair<bool, bool>> kept;
    for (const std::uint32_t to : estate_.neighbours(from_))
      kept.emplace_back(has_bit(cells_.low(from_), to), has_bit(cells_.high(from_), to));
    return kept;
  }

  void restore(const std::vector<std::pair<bool, bool>>& kept) {
    std::size_t i = 0;
    for (const std::uint32_t to : estate_.neighbours(from_)) {
      put_bit(cells_.low(from_), to, kept[i].first);
      put_bit(cells_.high(from_), to, kept[i++].second);
    }
  }

  void add_between(const ClassRow& common) {
    for (const auto& [place, where] : common.between)
      if (const AskedGroup group = estate_.groups.of_subnet(*place.subnet, place.direction))
        add_apart(row_between(place, group), where);
    for (const std::uint32_t to : estate_.neighbours(from_))
      for (const NsgOnTheWay& place : estate_.way(from_, to).between)
        if (const AskedGroup group = estate_.groups.of_subnet(*place.subnet, place.direction))
          add_bit(row_between(place, group), to);
  }

  const NsgRow& row_between(const NsgOnTheWay& place, const AskedGroup& group) {
    auto matches = matches_of(*group.rules, FixedEnd::source, from_, *group.tags, false);
    NsgRow& row = between_[{place, std::move(matches)}];
    if (row.denied.empty()) row = painter_.paint(group, FixedEnd::source, from_, false);
    return row;
  }

  const Estate& estate_;
  Matrix& cells_;
  std::uint32_t from_ = 0;
  Painter painter_;
  std::map<std::pair<NsgOnTheWay, std::vector<Match>>, NsgRow> between_;
};

}  // namespace

SpecialCells fill_leaving(const Estate& estate, Matrix& cells) {
  constexpr std::size_t rows_at_once = 256;
  struct Part {
    std::uint32_t route_class;
    std::size_t first;
  };
  std::vector<Part> parts;
  for (std::uint32_t route_class = 0; route_class < estate.classes.count; ++route_class)
    for (std::size_t first = 0; first < estate.members[route_class].size(); first += rows_at_once)
      parts.push_back({route_class, first});
  SpecialCells special(estate.nodes.size());
  in_parallel(parts.size(), estate.threads, [&](std::size_t i) {
    const auto& members = estate.members[parts[i].route_class];
    const ClassRow common = class_row(estate, parts[i].route_class, cells.words());
    Row row{estate, cells};
    const std::size_t last = std::min(members.size(), parts[i].first + rows_at_once);
    for (std::size_t k = parts[i].first; k < last; ++k) row.fill(members[k], common, special[members[k]]);
  });
  return special;
}

}  // namespace pgpassage::netcheck
