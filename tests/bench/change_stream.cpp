// How fast the change stream of each plug-in is decoded, on one core: `bench_change_stream`. The streams are those of
// real servers (tests/migrate/cdc/recorded), their row changes repeated.
#include <fmt/format.h>

#include <ctime>

#include "tests/migrate/cdc/rendered.hpp"

namespace {

using namespace pgpassage::migrate::cdc;

constexpr std::size_t wanted_bytes = 400'000'000;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

bool is_row(const Change& change) {
  return std::holds_alternative<Insert>(change.what) || std::holds_alternative<Update>(change.what) ||
         std::holds_alternative<Delete>(change.what);
}

/// Decodes the rows of at most `longest` bytes again and again, behind everything once.
void measure(const char* name, const PluginOnServer& on, std::size_t longest) {
  Decoder decoder{on};
  const std::vector<RecordedMessage> messages = recorded(name);
  for (const RecordedMessage& message : messages) (void)decoder.read({message.lsn, message.payload});
  std::vector<RecordedMessage> rows;
  std::size_t bytes = 0;
  for (const RecordedMessage& message : messages) {
    if (message.payload.size() > longest || message.payload.starts_with('R')) continue;
    const auto change = decoder.read({message.lsn, message.payload});
    if (!change || !is_row(**change)) continue;  // those before the table changed are no longer its rows
    rows.push_back(message);
    bytes += message.payload.size();
  }
  std::size_t values = 0;
  const std::size_t rounds = wanted_bytes / bytes;
  const double start = processor_seconds();
  for (std::size_t round = 0; round < rounds; ++round)
    for (const RecordedMessage& message : rows) {
      const auto change = decoder.read({message.lsn, message.payload});
      if (const auto* insert = std::get_if<Insert>(&(*change)->what)) values += insert->row.size();
    }
  const double seconds = processor_seconds() - start;
  const double changes = static_cast<double>(rounds * rows.size());
  fmt::print("{:20} rows of {:4} bytes on average: {:6.0f} MB/s, {:5.2f} million changes/s ({} values)\n", name,
             bytes / rows.size(), static_cast<double>(rounds * bytes) / seconds / 1e6, changes / seconds / 1e6, values);
}

}  // namespace

int main() {
  for (const std::size_t longest : {std::size_t{1000}, std::size_t{100000}}) {
    measure("pgoutput-18", {Plugin::pgoutput, 180004}, longest);
    measure("wal2json-15", {Plugin::wal2json, 150020}, longest);
    measure("test_decoding-18", {Plugin::test_decoding, 180004}, longest);
  }
}
