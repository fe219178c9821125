#pragma once

#include <chrono>
#include <map>
#include <string>

namespace pgpassage::app::agent {

/// How many requests each client may make: `per_second` for as long as it likes, twice as many at once after a pause.
/// Pure: the time is an argument. Remembers no more clients than are busy.
class Rate {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit Rate(unsigned per_second) : per_second_{static_cast<double>(per_second)} {}

  /// Takes one request of the client's; false: it has to wait.
  bool take(const std::string& client, Time now);
  std::size_t remembered() const { return buckets_.size(); }

 private:
  struct Bucket {
    double left;
    Time at;
  };
  double filled(const Bucket& bucket, Time now) const;
  void forget_idle(Time now);

  double per_second_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace pgpassage::app::agent
