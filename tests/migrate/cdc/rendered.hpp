#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migrate/cdc/decoder.hpp"

/// Recorded streams, and changes as text: what all plug-ins must agree on.
namespace pgpassage::migrate::cdc {

struct RecordedMessage {
  Lsn lsn;
  std::string payload;
};

/// tests/migrate/cdc/recorded/NAME.txt, made by record.sh.
std::vector<RecordedMessage> recorded(std::string_view name);

/// "update public.t old: id=1 new: id=2 note='x' big=(unchanged)"; no Lsn, id, time or type, which differ by plug-in.
std::string rendered(const Change& change);

/// The changes of a recording, one line each. Left out: transactions without changes, descriptions, and old values of
/// an UPDATE that say nothing new. Changes of streamed transactions are put where they commit.
std::vector<std::string> rendered(const std::vector<RecordedMessage>& messages, Decoder decoder);

}  // namespace pgpassage::migrate::cdc
