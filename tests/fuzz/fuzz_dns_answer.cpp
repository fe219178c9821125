// DNS answers are bytes from outside. Whatever they are, read_packet ends, stays inside them and keeps its promises.
#include <cstdlib>

#include "dns/resolver/packet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const auto answer = pgpassage::dns::read_packet({bytes, size}, "a.example");
  if (!answer) return answer.error().message.empty() ? std::abort(), 0 : 0;
  if (answer->chain.empty() || answer->chain.front() != "a.example" || answer->chain.size() > 17) std::abort();
  if (answer->ttl_seconds < 0 || answer->addresses.size() > size / 11) std::abort();
  return 0;
}
