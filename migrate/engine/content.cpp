#include "migrate/engine/content.hpp"

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/plan/ranges.hpp"
#include "migrate/plan/selection.hpp"
#include "migrate/schema/dump.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr int ctid_range_scans = 140000;  // the version from which a ctid range does not read the whole table

asio::awaitable<Result<void>> read_and_lock(CopySessions& sessions, Catalog& catalog) {
  if (auto taken = co_await sessions.take_snapshot(); !taken) co_return taken;
  auto found = co_await read_catalog(sessions.holder());
  if (!found) co_return tl::unexpected(about("source", found.error()));
  catalog = std::move(*found);
  std::vector<std::string> names;
  for (const auto& table : catalog.tables) names.push_back(table.name);
  co_return co_await sessions.lock(std::move(names));
}

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

asio::awaitable<Result<SourceContent>> read_content(CopySessions& sessions, const Request& request,
                                                    const ClientPrograms& programs, std::string database) {
  SourceContent content;
  if (auto read = co_await read_and_lock(sessions, content.catalog); !read) co_return tl::unexpected(read.error());
  auto entries =
      co_await dump_schema(programs, request.source, std::move(database), sessions.snapshot(), sessions.encoding());
  if (!entries) co_return tl::unexpected(about("source", entries.error()));
  content.entries = std::move(*entries);
  content.left_out = apply_filter(request.filter, content.catalog, content.entries);
  co_return content;
}

asio::awaitable<Result<TableRanges>> ranges_of(CopySessions& sessions, const Catalog& catalog, unsigned streams,
                                               Cutting cutting) {
  std::int64_t all = 0;
  for (const auto& table : catalog.tables) all += table.bytes;
  TableRanges result;
  for (const auto& table : catalog.tables) {
    auto ranges = co_await ranges_of(sessions.holder(), table, piece_count(table, all, streams, cutting));
    if (!ranges) co_return tl::unexpected(std::move(ranges.error()));
    result.push_back(std::move(*ranges));
  }
  co_return result;
}

std::vector<std::size_t> pieces_of(const TableRanges& ranges) {
  std::vector<std::size_t> pieces;
  for (const auto& conditions : ranges) pieces.push_back(conditions.size());
  return pieces;
}

}  // namespace pgpassage::migrate
