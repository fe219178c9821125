#include "migrate/apply/protocol.hpp"

#include "migrate/cdc/pgoutput/bytes.hpp"

namespace pgpassage::migrate {
namespace {

void put(std::string& bytes, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
}

}  // namespace

Result<Received> received_of(std::string_view bytes) {
  cdc::ByteReader reader{bytes};
  const char kind = static_cast<char>(reader.byte());
  Received received;
  if (kind == 'w') {
    received.kind = Received::Kind::message;
    received.message.lsn = reader.lsn();
    received.server_end = reader.lsn();
    reader.time();
    received.message.payload = reader.block(reader.left());
  } else if (kind == 'k') {
    received.kind = Received::Kind::keepalive;
    received.server_end = reader.lsn();
    reader.time();
    received.reply_wanted = reader.byte() == 1;
  } else {
    reader.fail();
  }
  if (reader.broken()) return fail(Errc::unsupported, "the source sent {} bytes that are no message", bytes.size());
  return received;
}

std::string status_update(cdc::Lsn safe) {
  std::string bytes{"r"};
  for (int i = 0; i < 3; ++i) put(bytes, safe.value);
  put(bytes, 0);  // our clock: the source only shows it
  bytes += '\0';  // no answer wanted
  return bytes;
}

}  // namespace pgpassage::migrate
