// Any bytes end in a topology or in errors, in bounded time and memory; every error has a place in the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "netcheck/topology/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  for (const auto format : {pgpassage::TopologyFormat::yaml, pgpassage::TopologyFormat::json}) {
    const auto topology = pgpassage::read_topology(text, format);
    if (topology) continue;
    if (topology.error().empty()) std::abort();
    for (const pgpassage::Diagnostic& diagnostic : topology.error())
      if (!diagnostic.location.known() || diagnostic.message.empty()) std::abort();
  }
  return 0;
}
