#include "netcheck/reach/pairs/matrix.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

namespace pgpassage::netcheck {
namespace {

struct FreeHash {
  void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
};

constexpr std::uint32_t bits = 64;

std::uint64_t ones(Word word) { return static_cast<std::uint64_t>(std::popcount(word)); }

void transpose_plane(const Matrix& matrix, std::span<const Word> (Matrix::*plane)(std::uint32_t) const,
                     std::uint32_t first, std::uint32_t count, std::vector<Word>& columns) {
  std::array<Word, bits> block;
  for (std::uint32_t row = 0; row < matrix.size(); row += bits) {
    block.fill(0);
    for (std::uint32_t i = 0; i < std::min(bits, matrix.size() - row); ++i)
      block[i] = (matrix.*plane)(row + i)[first / bits];
    transpose_bits(block);
    for (std::uint32_t i = 0; i < count; ++i) columns[i * matrix.words() + row / bits] = block[i];
  }
}

}  // namespace

const char* to_string(Cell value) {
  switch (value) {
    case Cell::allowed: return "allowed";
    case Cell::denied: return "denied";
    case Cell::unknown: return "unknown";
    case Cell::self: return "self";
  }
  return "unknown";
}

Matrix::Matrix(std::uint32_t nodes)
    : size_{nodes}, words_{(nodes + bits - 1) / bits}, low_(words_ * nodes), high_(words_ * nodes) {}

Cell Matrix::at(std::uint32_t from, std::uint32_t to) const {
  return static_cast<Cell>((has_bit(low(from), to) ? 1 : 0) + (has_bit(high(from), to) ? 2 : 0));
}

void Matrix::set(std::uint32_t from, std::uint32_t to, Cell cell) {
  put_bit(low(from), to, cell == Cell::denied || cell == Cell::self);
  put_bit(high(from), to, cell == Cell::unknown || cell == Cell::self);
}

Counts counts_of(const Matrix& matrix) {
  Counts counts;
  std::uint64_t selves = 0;
  for (std::uint32_t row = 0; row < matrix.size(); ++row) {
    const auto low = matrix.low(row), high = matrix.high(row);
    for (std::size_t word = 0; word < matrix.words(); ++word) {
      selves += ones(low[word] & high[word]);
      counts.denied += ones(low[word] & ~high[word]);
      counts.unknown += ones(high[word] & ~low[word]);
    }
  }
  counts.allowed = std::uint64_t{matrix.size()} * matrix.size() - counts.denied - counts.unknown - selves;
  return counts;
}

Columns columns_of(const Matrix& matrix, std::uint32_t first) {
  const std::uint32_t count = std::min(bits, matrix.size() - first);
  Columns columns{first, count, matrix.words(), std::vector<Word>(count * matrix.words()),
                  std::vector<Word>(count * matrix.words())};
  transpose_plane(matrix, &Matrix::low, first, count, columns.low);
  transpose_plane(matrix, &Matrix::high, first, count, columns.high);
  return columns;
}

std::string hash_of(const Matrix& matrix) {
  const std::unique_ptr<XXH3_state_t, FreeHash> state{XXH3_createState()};
  XXH3_128bits_reset(state.get());
  const std::uint64_t size = matrix.size();
  XXH3_128bits_update(state.get(), &size, sizeof size);
  for (std::uint32_t row = 0; row < matrix.size(); ++row) {
    XXH3_128bits_update(state.get(), matrix.low(row).data(), matrix.low(row).size_bytes());
    XXH3_128bits_update(state.get(), matrix.high(row).data(), matrix.high(row).size_bytes());
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

// Halves of ever smaller squares change places (Hacker's Delight, 7-3).
void transpose_bits(std::span<Word, 64> block) {
  Word mask = 0x00000000ffffffff;
  for (std::size_t width = 32; width != 0; width /= 2, mask ^= mask << width) {
    for (std::size_t i = 0; i < bits; i = (i + width + 1) & ~width) {
      const Word moved = (block[i] >> width ^ block[i + width]) & mask;
      block[i] ^= moved << width;
      block[i + width] ^= moved;
    }
  }
}

}  // namespace pgpassage::netcheck
