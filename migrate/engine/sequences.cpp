#include "migrate/engine/sequences.hpp"

#include <algorithm>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr std::size_t at_once = 100;

std::string reading(const std::vector<CopySequence>& sequences, std::size_t first, std::size_t end) {
  std::string sql;
  for (std::size_t i = first; i < end; ++i)
    sql += fmt::format("{}SELECT {}, last_value, is_called FROM {}", i == first ? "" : " UNION ALL ",
                       quote_literal(sequences[i].name), sequences[i].name);
  return sql;
}

std::string setting(const Rows& rows) {
  std::string sql = "SELECT ";
  for (int row = 0; row < rows.size(); ++row)
    sql += fmt::format("{}pg_catalog.setval({}, {}, {})", row == 0 ? "" : ", ", quote_literal(rows.text(row, 0)),
                       rows.text(row, 1), rows.boolean(row, 2));
  return sql;
}

}  // namespace

asio::awaitable<Result<void>> copy_sequences(Session& source, Session& target,
                                             const std::vector<CopySequence>& sequences) {
  for (std::size_t first = 0; first < sequences.size(); first += at_once) {
    const auto values = co_await source.query(reading(sequences, first, std::min(first + at_once, sequences.size())));
    if (!values) co_return tl::unexpected(values.error());
    const auto set = co_await target.query(setting(*values));
    if (!set) co_return tl::unexpected(set.error());
  }
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
