#include <algorithm>
#include <array>

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/reach/pairs/estate.hpp"

namespace pgpassage::netcheck {
namespace {

constexpr std::uint32_t bits = 64;
constexpr std::uint32_t columns_at_once = 512;  // eight words of every row: one line of a cache

/// The columns of some nodes, each as a row: what the groups where flows enter say of every node they start from.
struct EnteringColumns {
  std::size_t words = 0;
  std::vector<Word> denied, unknown;

  explicit EnteringColumns(std::size_t words_of_one)
      : words{words_of_one}, denied(words_of_one * columns_at_once), unknown(words_of_one * columns_at_once) {}

  std::span<Word> of(std::vector<Word>& all, std::uint32_t column) { return {all.data() + column * words, words}; }
};

/// For each class of nodes, the nodes of other VNets from which it is entered through a group.
struct Starts {
  std::vector<std::vector<Word>> by_subnet, by_interface;
};

std::vector<Word> starts_of(const Estate& estate, std::uint32_t route_class, std::size_t words, bool Way::*asked) {
  std::vector<Word> starts(words);
  for (std::uint32_t from_class = 0; from_class < estate.classes.count; ++from_class) {
    const std::uint32_t index = estate.ways.from(from_class)[route_class];
    if (index == Ways::no_way || !(estate.ways.all()[index].*asked)) continue;
    for (const std::uint32_t from : estate.members[from_class]) put_bit(starts, from, true);
  }
  return starts;
}

Starts starts_of(const Estate& estate, std::size_t words) {
  Starts starts;
  starts.by_subnet.resize(estate.classes.count);
  starts.by_interface.resize(estate.classes.count);
  in_parallel(estate.classes.count, estate.threads, [&](std::size_t i) {
    const auto route_class = static_cast<std::uint32_t>(i);
    starts.by_subnet[i] = starts_of(estate, route_class, words, &Way::enters_by_subnet);
    starts.by_interface[i] = starts_of(estate, route_class, words, &Way::enters_by_interface);
  });
  return starts;
}

class Column {
 public:
  Column(const Estate& estate, const Starts& starts, EnteringColumns& columns)
      : estate_{estate}, starts_{starts}, columns_{columns}, painter_{estate.nodes.size()} {}

  void fill(std::uint32_t to, std::uint32_t column) {
    to_ = to;
    column_ = column;
    const Node& node = estate_.nodes.all[to];
    if (node.subnet == nullptr) return;
    const std::uint32_t route_class = estate_.classes.of_node[to];
    const bool at_endpoint = node.place.endpoint != nullptr;
    if (const AskedGroup group = estate_.groups.of_subnet(*node.subnet, Direction::inbound))
      add(painter_.paint(group, FixedEnd::destination, to, at_endpoint), starts_.by_subnet[route_class],
          &Way::enters_by_subnet);
    if (const AskedGroup group = estate_.groups.of_interface(node, Direction::inbound))
      add(painter_.paint(group, FixedEnd::destination, to, at_endpoint), starts_.by_interface[route_class],
          &Way::enters_by_interface);
  }

 private:
  void add(const NsgRow& row, const std::vector<Word>& where, bool Way::*asked) {
    const auto denied = columns_.of(columns_.denied, column_), unknown = columns_.of(columns_.unknown, column_);
    // A class may be entered from these nodes as well, by its members in other VNets.
    std::vector<std::pair<bool, bool>> near;
    for (const std::uint32_t from : estate_.neighbours(to_)) {
      const bool here = estate_.way(from, to_).*asked;
      near.emplace_back(has_bit(denied, from) || (here && has_bit(row.denied, from)),
                        has_bit(unknown, from) || (here && has_bit(row.unknown, from)));
    }
    for (std::size_t word = 0; word < where.size(); ++word) {
      denied[word] |= row.denied[word] & where[word];
      unknown[word] |= row.unknown[word] & where[word];
    }
    std::size_t i = 0;
    for (const std::uint32_t from : estate_.neighbours(to_)) {
      put_bit(denied, from, near[i].first);
      put_bit(unknown, from, near[i++].second);
    }
  }

  const Estate& estate_;
  const Starts& starts_;
  EnteringColumns& columns_;
  Painter painter_;
  std::uint32_t to_ = 0, column_ = 0;
};

void add_plane(const EnteringColumns& columns, const std::vector<Word>& plane, std::uint32_t first,
               std::uint32_t word_of_rows, Matrix& cells, std::span<Word> (Matrix::*target)(std::uint32_t)) {
  std::array<Word, bits> block;
  const std::uint32_t rows = std::min(bits, cells.size() - word_of_rows * bits);
  const std::size_t last = std::min<std::size_t>(columns_at_once, cells.words() * bits - first);
  for (std::uint32_t column = 0; column < last; column += bits) {
    for (std::uint32_t i = 0; i < bits; ++i) block[i] = plane[(column + i) * columns.words + word_of_rows];
    transpose_bits(block);
    for (std::uint32_t i = 0; i < rows; ++i)
      (cells.*target)(word_of_rows * bits + i)[(first + column) / bits] |= block[i];
  }
}

}  // namespace

void fill_entering(const Estate& estate, Matrix& cells) {
  const Starts starts = starts_of(estate, cells.words());
  for (std::uint32_t first = 0; first < cells.size(); first += columns_at_once) {
    EnteringColumns columns{cells.words()};
    const std::uint32_t count = std::min(columns_at_once, cells.size() - first);
    in_parallel((count + bits - 1) / bits, estate.threads, [&](std::size_t part) {
      Column column{estate, starts, columns};
      const auto start = static_cast<std::uint32_t>(part) * bits;
      for (std::uint32_t i = start; i < std::min(start + bits, count); ++i) column.fill(first + i, i);
    });
    in_parallel(cells.words(), estate.threads, [&](std::size_t word) {
      add_plane(columns, columns.denied, first, static_cast<std::uint32_t>(word), cells, &Matrix::low);
      add_plane(columns, columns.unknown, first, static_cast<std::uint32_t>(word), cells, &Matrix::high);
    });
  }
}

}  // namespace pgpassage::netcheck
