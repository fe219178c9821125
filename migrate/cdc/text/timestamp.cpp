#include "migrate/cdc/text/timestamp.hpp"

#include <charconv>

namespace pgpassage::migrate::cdc {
namespace {

using std::chrono::microseconds;

/// Takes the front of a text piece by piece; `good` turns false at the first piece that is not there.
struct Pieces {
  std::string_view rest;
  bool good = true;

  int number(std::size_t digits) {
    int value = 0;
    const std::string_view text = rest.substr(0, digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    good = good && error == std::errc{} && text.size() == digits && end == text.data() + digits && value >= 0;
    rest.remove_prefix(text.size());
    return value;
  }

  bool take(char wanted) {
    const bool there = rest.starts_with(wanted);
    if (there) rest.remove_prefix(1);
    return there;
  }
  void expect(char wanted) { good = take(wanted) && good; }
};

microseconds fraction(Pieces& pieces) {
  int value = 0;
  for (int digit = 0; digit < 6; ++digit) {
    const bool more = !pieces.rest.empty() && pieces.rest.front() >= '0' && pieces.rest.front() <= '9';
    value = value * 10 + (more ? pieces.number(1) : 0);
  }
  return microseconds{value};
}

std::chrono::seconds zone(Pieces& pieces) {
  const bool west = pieces.take('-');
  if (!west) pieces.expect('+');
  std::chrono::seconds offset = std::chrono::hours{pieces.number(2)};
  if (pieces.take(':')) offset += std::chrono::minutes{pieces.number(2)};
  if (pieces.take(':')) offset += std::chrono::seconds{pieces.number(2)};
  return west ? -offset : offset;
}

}  // namespace

Time timestamp_of(std::string_view text) {
  Pieces pieces{text};
  const std::chrono::year year{pieces.number(4)};
  pieces.expect('-');
  const std::chrono::month month{static_cast<unsigned>(pieces.number(2))};
  pieces.expect('-');
  const std::chrono::year_month_day date{year, month, std::chrono::day{static_cast<unsigned>(pieces.number(2))}};
  pieces.expect(' ');
  const std::chrono::hours hours{pieces.number(2)};
  pieces.expect(':');
  const std::chrono::minutes minutes{pieces.number(2)};
  pieces.expect(':');
  microseconds time = hours + minutes + std::chrono::seconds{pieces.number(2)};
  if (pieces.take('.')) time += fraction(pieces);
  time -= zone(pieces);
  if (!pieces.good || !pieces.rest.empty() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + time;
}

}  // namespace pgpassage::migrate::cdc
