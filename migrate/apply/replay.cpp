#include "migrate/apply/replay.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;

ChangeReplay::ChangeReplay(Applier& applier, Spool& spool, cdc::PluginOnServer on, std::size_t batch_bytes)
    : applier_{applier}, spool_{spool}, decoder_{on}, batch_{applier.key_of()}, batch_bytes_{batch_bytes} {}

Result<void> ChangeReplay::begin() { return spool_.rewind(applier_.applied()); }

asio::awaitable<Result<void>> ChangeReplay::apply_spooled() {
  for (;;) {
    const auto frame = spool_.next();
    if (!frame) co_return tl::unexpected(frame.error());
    if (!*frame) break;
    if (auto taken = gather(**frame); !taken) co_return taken;
    if (batch_.bytes() < batch_bytes_) continue;
    if (auto done = co_await apply_batch(); !done) co_return done;
  }
  if (!batch_.ends()) co_return Result<void>{};
  co_return co_await apply_batch();
}

Result<void> ChangeReplay::gather(const SegmentReader::Frame& frame) {
  // A mark of the receiver's: nothing came up to there.
  if (frame.payload.empty())
    return batch_.add({0, cdc::Commit{.xid = 0, .commit = {}, .end = frame.header.lsn, .time = {}}});
  const auto change = decoder_.read({frame.header.lsn, frame.payload});
  if (!change) return tl::unexpected(change.error());
  return batch_.add(**change);
}

asio::awaitable<Result<void>> ChangeReplay::apply_batch() {
  if (auto done = co_await applier_.apply(batch_); !done) co_return done;
  co_return spool_.forget(applier_.applied());
}

}  // namespace pgpassage::migrate
