#pragma once

#include <atomic>
#include <mutex>

#include "netcheck/topology/document/json_scan.hpp"

namespace pgpassage::document {

/// Some elements of one of the lists right inside a JSON object.
struct Piece {
  std::size_t number = 0;  ///< from 0, in the order of the text
  std::string_view key;    ///< of the list
  Document elements;       ///< its root is a list of them

  Stretch stretch;  ///< the text of the elements alone
  Position place{{}};
};

/// A JSON object in pieces, which several threads take and read at the same time, so that there is never a tree of the
/// whole: what the lists right inside it hold, and a frame of everything else.
/// For JSON that has no error. Of other text, and of what only the careful reader takes, it tells nothing but that.
class Pieces {
 public:
  /// The text must outlive this and all pieces. A piece has about so many bytes; more when one element has.
  Pieces(std::string_view text, std::size_t bytes) : text_{text}, bytes_{bytes}, place_{text} {
    frame_.places = PlaceIndex{text};
  }

  /// Puts the next piece in the place of the one before. False when there is none. From any thread.
  bool take(Piece& piece);
  /// True when all was taken and is JSON within the limits of document.hpp.
  bool ended_well() const { return part_ == Part::ended && !failed_ && nodes_ + frame_.nodes.size() <= max_json_nodes; }
  /// The object with those lists empty. Whole once all was taken well.
  Document& frame() { return frame_; }

 private:
  enum class Part : std::uint8_t { members, elements, ended };

  bool cut(Piece& piece);
  bool cut_elements(Piece& piece);
  void read_members(const Stretch& stretch);
  bool read_member(Scan& scan);
  bool read_value(Scan& scan, Part& then);
  void end(std::size_t behind);
  bool read(Piece& piece);
  bool fail() { return failed_ = true, false; }

  const std::string_view text_;
  const std::size_t bytes_;
  std::mutex mutex_;  // while a piece is cut off; it is read without
  Part part_ = Part::members;
  std::size_t at_ = 0;    // all in front of it was taken
  Position place_;        // at the last piece or before
  std::string_view key_;  // of the list whose elements are taken
  std::size_t pieces_ = 0;
  std::size_t members_ = 0;
  Document frame_;
  std::atomic<std::size_t> nodes_ = 0;  // of all pieces
  std::atomic<bool> failed_ = false;
};

}  // namespace pgpassage::document
