#include "migrate/engine/writers.hpp"

#include "migrate/engine/servers.hpp"

namespace pgpassage::migrate {

boost::asio::awaitable<Result<std::int64_t>> next_transaction(ServerAddress source, Deadline deadline) {
  auto session = co_await connect_anywhere(std::move(source), {}, deadline);
  if (!session) co_return tl::unexpected(std::move(session.error()));
  const auto rows = co_await session->query("SELECT pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
  if (!rows) co_return tl::unexpected(rows.error());
  co_return rows->integer(0, 0);
}

}  // namespace pgpassage::migrate
