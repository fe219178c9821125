// Whatever a server's plug-in sends: the decoders end, stay inside the bytes, and hand on only rows that fit their
// relation. The input is a stream: a byte for the plug-in, then messages, each behind its size in two bytes.
#include <cstdlib>

#include "migrate/cdc/decoder.hpp"

namespace cdc = pgpassage::migrate::cdc;

namespace {

void check(const cdc::Relation* relation, cdc::Row row, bool may_be_empty) {
  if (relation == nullptr || (row.size() != relation->columns.size() && !(may_be_empty && row.empty()))) std::abort();
  std::size_t sum = 0;
  for (const cdc::Value& value : row)
    for (const char c : value.bytes()) sum += static_cast<unsigned char>(c);  // the sanitizer sees what lies outside
  if (sum == 0x7fffffff) std::abort();
}

struct Check {
  void operator()(const cdc::Insert& insert) const { check(insert.relation, insert.row, false); }
  void operator()(const cdc::Update& update) const {
    check(update.relation, update.old, true);
    check(update.relation, update.row, false);
  }
  void operator()(const cdc::Delete& gone) const { check(gone.relation, gone.old, true); }
  void operator()(const cdc::Truncate& truncate) const {
    for (const cdc::Relation* relation : truncate.relations)
      if (relation == nullptr) std::abort();
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  if (size == 0) return 0;
  cdc::Decoder decoder{{static_cast<cdc::Plugin>(*bytes % 3), 180000, *bytes >= 128}};
  std::string_view rest{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  while (rest.size() >= 2) {
    const std::size_t wanted = static_cast<unsigned char>(rest[0]) * 256U + static_cast<unsigned char>(rest[1]);
    const std::string message{rest.substr(2, wanted)};  // of its own, so that reading behind its end is noticed
    rest.remove_prefix(2 + message.size());
    if (const auto change = decoder.read({{1}, message}))
      std::visit(Check{}, (*change)->what);
    else if (change.error().message.empty())
      std::abort();
  }
  return 0;
}
