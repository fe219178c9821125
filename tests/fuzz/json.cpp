// Any bytes: the quick way through JSON takes nothing that the careful one refuses, and reads the same from the rest,
// in pieces of any size.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "netcheck/topology/document/json.hpp"
#include "netcheck/topology/reader.hpp"
#include "netcheck/topology/reading/in_pieces.hpp"

namespace {

using namespace pgpassage;

bool equal(const document::Document& a, const document::Document& b) {
  if (a.nodes.size() != b.nodes.size()) return false;
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    const document::Node& x = a.nodes[i];
    const document::Node& y = b.nodes[i];
    if (x.kind != y.kind || x.span != y.span || x.size != y.size || x.text() != y.text() ||
        a.location_of(x) != b.location_of(y))
      return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto careful = document::parse_json(text);
  if (const auto quick = document::scan_json(text))
    if (!careful || !equal(*quick, *careful)) std::abort();
  const auto whole = reading::read_in_pieces(text, {}, {size + 1, 1});
  for (const std::size_t piece_bytes : {1, 50, 1000})
    if (reading::read_in_pieces(text, {}, {piece_bytes, 1}) != whole) std::abort();
  if (whole && !careful) std::abort();
  return 0;
}
