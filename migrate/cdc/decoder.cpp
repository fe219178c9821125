#include "migrate/cdc/decoder.hpp"

namespace pgpassage::migrate::cdc {

Decoder::Decoder(const PluginOnServer& on) {
  if (on.plugin == Plugin::wal2json) decoder_ = Wal2jsonDecoder{{.numbers_as_text = on.numbers_as_text}};
  if (on.plugin == Plugin::test_decoding) decoder_ = TestDecodingDecoder{};
}

}  // namespace pgpassage::migrate::cdc
