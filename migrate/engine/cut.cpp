#include "migrate/engine/database_work.hpp"
#include "migrate/plan/ranges.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr int ctid_range_scans = 140000;  // the version from which a ctid range does not read the whole table

asio::awaitable<Result<std::vector<std::string>>> ranges_of(Session& source, const CopyTable& table, int pieces) {
  std::vector<std::string> whole{""};
  if (pieces < 2) co_return whole;
  if (source.server_version() >= ctid_range_scans) co_return ctid_ranges(table.pages, pieces);
  if (table.integer_key.empty()) co_return whole;
  const auto span =
      co_await source.query(fmt::format("SELECT min({0}), max({0}) FROM ONLY {1}", table.integer_key, table.name));
  if (!span) co_return tl::unexpected(about("source", span.error()));
  if (span->is_null(0, 0)) co_return whole;
  co_return key_ranges(table.integer_key, {span->integer(0, 0), span->integer(0, 1)}, pieces);
}

}  // namespace

asio::awaitable<Result<void>> cut_tables(DatabaseWork& work, unsigned streams) {
  std::int64_t all = 0;
  for (const auto& table : work.catalog.tables) all += table.bytes;
  for (const auto& table : work.catalog.tables) {
    const int pieces = piece_count(table, all, streams, work.request().cutting);
    auto ranges = co_await ranges_of(work.sessions.holder(), table, pieces);
    if (!ranges) co_return tl::unexpected(std::move(ranges.error()));
    work.ranges.push_back(std::move(*ranges));
  }
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
