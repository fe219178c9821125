#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <span>

/// Whether boxes together cover a box, exactly. Pure arithmetic: what the coordinates mean is rule_space's business.
namespace pgpassage::netcheck::lint {

struct Interval {
  std::uint32_t first = 0;
  std::uint32_t end = 0;  ///< one behind the last

  auto operator<=>(const Interval&) const = default;
};

/// A set of coordinates of one dimension: intervals in order that neither overlap nor touch. Nearly always one, which
/// needs no memory of its own: an estate has ten million sets.
using Intervals = boost::container::small_vector<Interval, 1>;

Intervals normalized(Intervals intervals);  ///< any intervals as a set
Intervals intersection(const Intervals& one, const Intervals& other);
Intervals difference(const Intervals& one, const Intervals& other);
bool overlap(const Intervals& one, const Intervals& other);
bool contains(const Intervals& outer, const Intervals& inner);

inline constexpr std::size_t dimensions = 5;

/// The product of one set per dimension.
using Box = std::array<Intervals, dimensions>;

bool empty(const Box& box);
bool overlap(const Box& one, const Box& other);
bool contains(const Box& outer, const Box& inner);
Box intersection(const Box& one, const Box& other);

/// Do the covers together hold every point of the box? Absent when more than `most_steps` boxes would have to be
/// looked at, which no set of rules made by people comes near: the question is hard in general.
/// What remains of the box beside one cover is asked of the others; a coordinate that no cover has ends it at once.
std::optional<bool> covered(const Box& box, std::span<const Box* const> covers, int most_steps = 20'000);

}  // namespace pgpassage::netcheck::lint
