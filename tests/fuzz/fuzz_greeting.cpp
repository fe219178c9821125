// The first bytes of whatever listens on a port: greeting_of ends, stays inside them and shows nothing unprintable.
#include <algorithm>
#include <cstdlib>

#include "netcheck/probe/greeting.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using pgpassage::netcheck::Speaker;
  const auto greeting = pgpassage::netcheck::greeting_of({reinterpret_cast<const char*>(bytes), size});
  const auto unprintable = [](char c) { return c < ' ' || c > '~'; };
  if (std::any_of(greeting.detail.begin(), greeting.detail.end(), unprintable)) std::abort();
  const bool one_byte =
      greeting.speaker == Speaker::postgres_with_tls || greeting.speaker == Speaker::postgres_without_tls;
  if (one_byte != (size == 1 && (*bytes == 'S' || *bytes == 'N'))) std::abort();
  return 0;
}
