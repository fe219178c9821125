#pragma once

#include <variant>

#include "migrate/cdc/pgoutput/decoder.hpp"
#include "migrate/cdc/plugins.hpp"
#include "migrate/cdc/test_decoding/decoder.hpp"
#include "migrate/cdc/wal2json/decoder.hpp"

namespace pgpassage::migrate::cdc {

/// The decoder of whichever plug-in a slot has.
class Decoder {
 public:
  explicit Decoder(const PluginOnServer& on);

  /// One message of the stream, in order. What it returns holds until the next call; relations as long as this.
  Result<const Change*> read(const Message& message) {
    return std::visit([&](auto& decoder) { return decoder.read(message); }, decoder_);
  }

 private:
  std::variant<PgoutputDecoder, Wal2jsonDecoder, TestDecodingDecoder> decoder_;
};

}  // namespace pgpassage::migrate::cdc
