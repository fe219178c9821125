#include "app/agent/server/rate.hpp"

#include <algorithm>

namespace pgpassage::app::agent {
namespace {

constexpr std::size_t many = 1024;

}  // namespace

double Rate::filled(const Bucket& bucket, Time now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(2 * per_second_, bucket.left + seconds * per_second_);
}

bool Rate::take(const std::string& client, Time now) {
  if (buckets_.size() >= many) forget_idle(now);
  Bucket& bucket = buckets_.try_emplace(client, Bucket{2 * per_second_, now}).first->second;
  bucket = {filled(bucket, now), now};
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

void Rate::forget_idle(Time now) {
  std::erase_if(buckets_, [&](const auto& entry) { return filled(entry.second, now) >= 2 * per_second_; });
}

}  // namespace pgpassage::app::agent
