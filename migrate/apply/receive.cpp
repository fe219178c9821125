#include "migrate/apply/receive.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>

#include "migrate/log.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

asio::awaitable<Result<void>> report(ChangeStream& stream, Spool& spool) {
  const auto safe = spool.sync();
  if (!safe) co_return tl::unexpected(safe.error());
  if (safe->value == 0) co_return Result<void>{};
  co_return co_await stream.confirm(*safe);
}

asio::awaitable<Result<void>> wait_for_room(ChangeStream& stream, Spool& spool, Receiving how) {
  log().warn("spool is full, the source keeps its log bytes={}", spool.bytes());
  while (spool.full()) {
    asio::steady_timer timer{co_await asio::this_coro::executor, how.between_reports};
    const auto [stopped] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopped) co_return fail(Errc::canceled, "canceled");
    if (auto told = co_await report(stream, spool); !told) co_return told;
  }
  co_return Result<void>{};
}

/// Puts messages away; knows whether a transaction is open, and what a new file has to begin with.
class Writer {
 public:
  Writer(Spool& spool, cdc::Plugin plugin) : spool_{spool}, plugin_{plugin} {}

  Result<void> write(const Received& received) {
    if (received.kind == Received::Kind::keepalive) return mark(received.server_end);
    const std::string_view payload = received.message.payload;
    if (spool_.begins_file())
      for (const auto& [oid, description] : descriptions_)
        if (auto kept = spool_.append({received.message.lsn, description}, FrameMark::describes); !kept) return kept;
    const std::string_view described = cdc::described_relation(plugin_, payload);
    if (!described.empty()) {
      descriptions_.insert_or_assign(std::string{described}, std::string{payload});
      return spool_.append(received.message, FrameMark::describes);
    }
    // A message outside transactions comes between them, never inside.
    open_ = !cdc::ends_transaction(plugin_, payload) && (open_ || cdc::begins_transaction(plugin_, payload));
    return spool_.append(received.message, open_ ? FrameMark::none : FrameMark::ends_transaction);
  }

 private:
  // Nothing came up to there: else an idle source would keep its log for us.
  Result<void> mark(cdc::Lsn end) {
    if (open_ || end <= spool_.end()) return {};
    return spool_.append({end, {}}, FrameMark::ends_transaction);
  }

  Spool& spool_;
  cdc::Plugin plugin_;
  bool open_ = false;
  std::map<std::string, std::string> descriptions_;  // the newest of each relation, as it came
};

}  // namespace

asio::awaitable<Result<cdc::Lsn>> receive_changes(ChangeStream& stream, Spool& spool, Receiving how) {
  Writer writer{spool, how.plugin};
  Deadline next_report = deadline_in(how.between_reports);
  while (how.until.value == 0 || spool.end() < how.until) {
    if (spool.full())
      if (auto room = co_await wait_for_room(stream, spool, how); !room) co_return tl::unexpected(room.error());
    const auto received = co_await stream.receive(next_report);
    if (!received) co_return tl::unexpected(received.error());
    if (received->kind != Received::Kind::nothing)
      if (auto written = writer.write(*received); !written) co_return tl::unexpected(written.error());
    if (!received->reply_wanted && Deadline::clock::now() < next_report) continue;
    if (auto told = co_await report(stream, spool); !told) co_return tl::unexpected(told.error());
    next_report = deadline_in(how.between_reports);
  }
  if (auto told = co_await report(stream, spool); !told) co_return tl::unexpected(told.error());
  co_return spool.end();
}

}  // namespace pgpassage::migrate
