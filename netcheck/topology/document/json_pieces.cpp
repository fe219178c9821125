#include "netcheck/topology/document/json_pieces.hpp"

namespace pgpassage::document {
namespace {

constexpr std::size_t max_members = 64;  // more than a topology has; each may make bytes be looked at twice

/// The comma or bracket behind the last element that ends in the stretch; null when none does.
const std::uint32_t* behind_last_element(const Stretch& stretch) {
  const std::string_view text = stretch.text();
  const std::uint32_t* behind = nullptr;
  std::size_t depth = 0;
  for (const std::uint32_t& token : stretch.tokens()) {
    const char c = text[token];
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth-- == 0) return &token;
    } else if (c == ',' && depth == 0) {
      behind = &token;
    }
  }
  return behind;
}

}  // namespace

bool Pieces::take(Piece& piece) {
  {
    const std::scoped_lock lock{mutex_};
    if (!cut(piece)) return false;
  }
  return read(piece) || fail();
}

/// Looks at twice as much while what comes next does not end in what was seen.
bool Pieces::cut(Piece& piece) {
  for (std::size_t bytes = bytes_; part_ != Part::ended && !failed_;) {
    const std::size_t before = at_;
    const bool seen = piece.stretch.look_at(text_, at_, bytes);
    if (seen && part_ == Part::elements && cut_elements(piece)) return true;
    if (seen && part_ == Part::members) read_members(piece.stretch);
    if (at_ == before && piece.stretch.text().size() == text_.size() - at_) return fail();
    bytes = at_ == before ? 2 * bytes : bytes_;
  }
  return false;
}

bool Pieces::cut_elements(Piece& piece) {
  const std::uint32_t* behind = behind_last_element(piece.stretch);
  if (behind == nullptr) return false;
  const char separator = piece.stretch.text()[*behind];
  if (separator == '}') return fail();
  if (separator == ']') part_ = Part::members;
  place_.at(at_);
  piece.place = place_;
  piece.key = key_;
  piece.number = pieces_++;
  at_ += *behind + 1;
  piece.stretch.end_before(*behind);
  return true;
}

void Pieces::read_members(const Stretch& stretch) {
  Scan scan{stretch, place_, frame_};
  if (frame_.nodes.empty()) {
    if (scan.here() != '{' || scan.open(Kind::mapping) == nullptr) {
      fail();
      return;
    }
    at_ += stretch.tokens().front() + 1;
  }
  while (part_ == Part::members && read_member(scan)) {
  }
}

/// What is in front of a key, the key, and its value or the beginning of its list. False: they do not end in the
/// stretch, or there is none.
bool Pieces::read_member(Scan& scan) {
  if (scan.here() == '}') return end(scan.offset() + 1), false;
  const std::size_t kept = frame_.nodes.size();
  Part then = Part::members;
  if ((members_ > 0 && !scan.take(',')) || !scan.key() || !read_value(scan, then) || scan.ended())
    return frame_.nodes.resize(kept), false;
  part_ = then;
  at_ = scan.offset();
  return ++members_ <= max_members || fail();
}

bool Pieces::read_value(Scan& scan, Part& then) {
  if (scan.here() != '[') return scan.value(1);
  key_ = frame_.nodes.back().text();
  if (scan.open(Kind::sequence) == nullptr) return false;
  if (!scan.take(']')) then = Part::elements;
  return true;
}

void Pieces::end(std::size_t behind) {
  if (text_.find_first_not_of(" \t\r\n", behind) != text_.npos) fail();
  close(frame_, 0, 0);
  part_ = Part::ended;
  at_ = text_.size();
}

bool Pieces::read(Piece& piece) {
  Document& list = piece.elements;
  list.nodes.clear();
  list.texts->release();
  list.places = PlaceIndex{text_};
  list.nodes.emplace_back().kind = Kind::sequence;
  Scan scan{piece.stretch, piece.place, list};
  std::uint32_t count = 0;
  if (!scan.elements(2, count) || !scan.ended()) return false;
  close(list, 0, count);
  nodes_ += list.nodes.size();
  return nodes_ <= max_json_nodes;
}

}  // namespace pgpassage::document
