#pragma once

#include <charconv>
#include <string_view>

namespace pgpassage::migrate::cdc {

/// Takes a line from its front. `broken` once something expected was not there; asked at the end.
class TextScanner {
 public:
  explicit TextScanner(std::string_view line) : rest_{line} {}

  bool take(std::string_view wanted) {
    const bool there = rest_.starts_with(wanted);
    if (there) rest_.remove_prefix(wanted.size());
    return there;
  }
  void expect(std::string_view wanted) {
    if (!take(wanted)) fail();
  }

  /// Up to `end`, which stays; everything when it is not there.
  std::string_view until(char end) { return cut(rest_.find(end)); }
  /// The longest front of characters that `wanted` accepts.
  template <class Wanted>
  std::string_view take_while(Wanted wanted) {
    std::size_t size = 0;
    while (size < rest_.size() && wanted(rest_[size])) ++size;
    return cut(size);
  }
  std::string_view cut(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  template <class Number>
  Number number() {
    Number value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return fail(), Number{0};
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }
  bool broken() const { return broken_; }
  void fail() {
    broken_ = true;
    rest_ = {};
  }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace pgpassage::migrate::cdc
