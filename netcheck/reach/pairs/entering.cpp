#include <algorithm>
#include <array>

#include "netcheck/reach/pairs/estate.hpp"
#include "netcheck/reach/pairs/in_parallel.hpp"

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

class Column {
 public:
  Column(const Estate& estate, EnteringColumns& columns)
      : estate_{estate}, columns_{columns}, painter_{estate.nodes.size()} {}

  void fill(std::uint32_t to, std::uint32_t column) {
    to_ = to;
    column_ = column;
    const Node& node = estate_.nodes.all[to];
    if (node.subnet == nullptr) return;
    const bool at_endpoint = node.place.endpoint != nullptr;
    if (const AskedGroup group = estate_.groups.of_subnet(*node.subnet, Direction::inbound))
      add(painter_.paint(group, FixedEnd::destination, to, at_endpoint), &Way::enters_by_subnet);
    if (const AskedGroup group = estate_.groups.of_interface(node, Direction::inbound))
      add(painter_.paint(group, FixedEnd::destination, to, at_endpoint), &Way::enters_by_interface);
  }

 private:
  void add(const NsgRow& row, bool Way::*asked) {
    const auto denied = columns_.of(columns_.denied, column_), unknown = columns_.of(columns_.unknown, column_);
    const std::vector<Word>& where = starts_apart(asked);
    std::vector<Word> mine = where;
    for (const std::uint32_t from : estate_.neighbours(to_)) put_bit(mine, from, estate_.way(from, to_).*asked);
    for (std::size_t word = 0; word < mine.size(); ++word) {
      denied[word] |= row.denied[word] & mine[word];
      unknown[word] |= row.unknown[word] & mine[word];
    }
  }

  /// The nodes of other VNets from which this class is entered through the group.
  const std::vector<Word>& starts_apart(bool Way::*asked) {
    const std::uint32_t route_class = estate_.classes.of_node[to_];
    auto& known = known_[asked == &Way::enters_by_subnet ? 0 : 1];
    if (known.route_class == route_class) return known.where;
    known = {route_class, std::vector<Word>(columns_.words)};
    for (const std::uint32_t from : estate_.indexes) {
      const std::uint32_t index = estate_.ways.from(estate_.classes.of_node[from])[route_class];
      if (index != Ways::no_way && estate_.ways.all()[index].*asked) put_bit(known.where, from, true);
    }
    return known.where;
  }

  struct Known {
    std::uint32_t route_class = Ways::no_way;
    std::vector<Word> where;
  };
  const Estate& estate_;
  EnteringColumns& columns_;
  Painter painter_;
  std::uint32_t to_ = 0, column_ = 0;
  std::array<Known, 2> known_;
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
  for (std::uint32_t first = 0; first < cells.size(); first += columns_at_once) {
    EnteringColumns columns{cells.words()};
    const std::uint32_t count = std::min(columns_at_once, cells.size() - first);
    in_parallel((count + bits - 1) / bits, estate.threads, [&](std::size_t part) {
      Column column{estate, columns};
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
