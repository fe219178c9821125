#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace pgpassage {

/// Calls `work(index)` for 0 <= index < count on that many threads, in no order. `work` must not throw, and writes
/// nothing that another index writes.
template <class Work>
void in_parallel(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t index = next++; index < count; index = next++) work(index);
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads && i < count; ++i) others.emplace_back(take);
  take();
}

}  // namespace pgpassage
