#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The answer for every pair of nodes, two bits each.
namespace pgpassage::netcheck {

/// `self`: a single machine and itself. The others are trace_flow's `predicted`.
enum class Cell : std::uint8_t { allowed = 0, denied = 1, unknown = 2, self = 3 };

const char* to_string(Cell value);

using Word = std::uint64_t;

/// Row by row, from the node of the row to the node of the column, each row padded with allowed to whole words.
class Matrix {
 public:
  Matrix() = default;
  explicit Matrix(std::uint32_t nodes);

  std::uint32_t size() const { return size_; }
  std::size_t words() const { return words_; }  ///< of one row

  Cell at(std::uint32_t from, std::uint32_t to) const;
  void set(std::uint32_t from, std::uint32_t to, Cell cell);

  /// The two bits of each cell apart: denied or self, unknown or self.
  std::span<Word> low(std::uint32_t from) { return {low_.data() + from * words_, words_}; }
  std::span<Word> high(std::uint32_t from) { return {high_.data() + from * words_, words_}; }
  std::span<const Word> low(std::uint32_t from) const { return {low_.data() + from * words_, words_}; }
  std::span<const Word> high(std::uint32_t from) const { return {high_.data() + from * words_, words_}; }

  bool operator==(const Matrix&) const = default;

 private:
  std::uint32_t size_ = 0;
  std::size_t words_ = 0;
  std::vector<Word> low_;
  std::vector<Word> high_;
};

/// How many cells say what; cells `self` are not counted.
struct Counts {
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::uint64_t unknown = 0;

  bool operator==(const Counts&) const = default;
};

Counts counts_of(const Matrix& matrix);

/// The columns from `first`, which is a multiple of 64, as rows: 64 of them, or what is left. As Matrix::low and high.
struct Columns {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::size_t words = 0;
  std::vector<Word> low;
  std::vector<Word> high;

  std::span<Word> low_of(std::uint32_t column) { return {low.data() + (column - first) * words, words}; }
  std::span<Word> high_of(std::uint32_t column) { return {high.data() + (column - first) * words, words}; }
};
Columns columns_of(const Matrix& matrix, std::uint32_t first);

/// 32 hexadecimal digits: XXH3-128 of the number of nodes and of the cells, in the order of the matrix. Equal for equal
/// matrices on every little-endian machine and with any number of threads.
std::string hash_of(const Matrix& matrix);

inline bool has_bit(std::span<const Word> set, std::uint32_t index) {
  return (set[index / 64] >> (index % 64) & 1) != 0;
}
inline void put_bit(std::span<Word> set, std::uint32_t index, bool value) {
  const Word mask = Word{1} << (index % 64);
  set[index / 64] = value ? set[index / 64] | mask : set[index / 64] & ~mask;
}

/// Exchanges rows and columns of 64 x 64 bits: bit j of word i becomes bit i of word j.
void transpose_bits(std::span<Word, 64> block);

}  // namespace pgpassage::netcheck
