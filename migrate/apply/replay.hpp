#pragma once

#include <boost/asio/awaitable.hpp>

#include "migrate/apply/applier.hpp"
#include "migrate/cdc/decoder.hpp"
#include "migrate/spool/spool.hpp"

/// From the spool to the target. Live.
namespace pgpassage::migrate {

/// Decodes, gathers and applies. Lives as long as its applier's session and refers to both arguments.
class ChangeReplay {
 public:
  static constexpr std::size_t default_batch_bytes = 32 << 20;

  ChangeReplay(Applier& applier, Spool& spool, cdc::PluginOnServer on, std::size_t batch_bytes = default_batch_bytes);

  /// Begins behind what the target has. Call it once.
  Result<void> begin();
  /// Applies all that is in the spool; of an unfinished transaction, what fills whole batches. Gives back the spool's
  /// files that are no longer needed. Errors: those of the spool, of the decoder and of Applier::apply.
  boost::asio::awaitable<Result<void>> apply_spooled();

 private:
  boost::asio::awaitable<Result<void>> apply_batch();
  Result<void> gather(const SegmentReader::Frame& frame);

  Applier& applier_;
  Spool& spool_;
  cdc::Decoder decoder_;
  cdc::Batch batch_;
  std::size_t batch_bytes_;
};

}  // namespace pgpassage::migrate
