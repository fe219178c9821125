#include "netcheck/topology/reading/in_pieces.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include "netcheck/base/in_parallel.hpp"
#include "netcheck/topology/document/json_pieces.hpp"
#include "netcheck/topology/reading/kinds.hpp"
#include "netcheck/topology/reading/resolve.hpp"

namespace pgpassage::reading {
namespace {

constexpr unsigned most_threads = 4;  // cutting the text, which one does at a time, is a quarter of the work

/// What was read of one piece: a topology of nothing else.
struct Part {
  std::size_t number;
  const Field* list;
  Topology topology;
};

const Field* field_of(std::string_view key) {
  const std::span<const Field> fields = kind_of<Topology>().fields;
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() || found->append == nullptr ? nullptr : &*found;
}

/// False when an element has an error, or the key none of which the elements can be.
bool read_piece(const document::Piece& piece, Part& part) {
  if (part.list == nullptr) return false;
  Reading reading{piece.elements};
  part.list->read(reading, piece.elements.root(), &part.topology);
  return reading.take_diagnostics().empty();
}

/// glibc lets the heap of a thread grow by the page, each with a system call: 50,647 for an estate of a million rules.
/// A block that is freed at once makes it grow by more, with 2,112; a larger one would be given back.
void make_room() {
  void* const volatile block = std::malloc(std::size_t{120} << 10);  // else the compiler leaves both calls out
  std::free(block);
}

/// What one thread does.
void read_pieces(document::Pieces& pieces, std::vector<Part>& parts, std::atomic<bool>& failed) {
  document::Piece piece;
  while (!failed && pieces.take(piece)) {
    make_room();
    Part& part = parts.emplace_back(Part{piece.number, field_of(piece.key), {}});
    if (!read_piece(piece, part)) failed = true;
  }
}

/// All parts in the order of the text; absent when one has an error.
std::optional<std::vector<Part>> parts_of(document::Pieces& pieces, unsigned threads) {
  std::vector<std::vector<Part>> of_thread(threads);
  std::atomic<bool> failed = false;
  in_parallel(threads, threads, [&](std::size_t index) { read_pieces(pieces, of_thread[index], failed); });
  if (failed || !pieces.ended_well()) return std::nullopt;
  std::vector<Part> parts;
  for (std::vector<Part>& some : of_thread)
    parts.insert(parts.end(), std::move_iterator{some.begin()}, std::move_iterator{some.end()});
  std::ranges::sort(parts, {}, &Part::number);
  return parts;
}

unsigned threads_for(std::size_t bytes, const Pieceful& how) {
  if (how.threads != 0) return how.threads;
  const std::size_t useful = bytes / (8 * how.piece_bytes) + 1;
  return static_cast<unsigned>(
      std::min<std::size_t>({useful, most_threads, std::max(1u, std::thread::hardware_concurrency())}));
}

}  // namespace

std::optional<Topology> read_in_pieces(std::string_view text, std::string_view migration_for, Pieceful how) {
  document::Pieces pieces{text, how.piece_bytes};
  auto parts = parts_of(pieces, threads_for(text.size(), how));
  if (!parts) return std::nullopt;
  const document::Document& frame = pieces.frame();
  Reading reading{frame};
  Topology topology;
  read_fields(reading, frame.root(), kind_of<Topology>(), &topology);
  for (Part& part : *parts) part.list->append(&topology, &part.topology);
  parts.reset();
  std::optional<document::Document> tree;
  auto read = resolved(reading, std::move(topology), frame.root(), migration_for, [&]() -> const document::Document& {
    if (!tree) tree = document::read_json(text).value();
    return *tree;
  });
  if (!read) return std::nullopt;
  return *std::move(read);
}

}  // namespace pgpassage::reading
