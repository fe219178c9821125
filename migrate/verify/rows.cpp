#include "migrate/verify/rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <map>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr std::size_t rows_shown = 5;
constexpr std::size_t parts_read = 3;  // one row each, when rows that differ are few
constexpr std::int64_t rows_in_a_part = 256;
constexpr std::int64_t most_parts = 16384;

using Lines = std::map<std::string, std::string>;  // a row's key -> its digest, or a part's number -> its sums

bool is_key(const TableShape& table, const VerifyColumn& column) {
  return std::any_of(table.key.begin(), table.key.end(), [&](const std::string& name) {
    return name == column.name || name == quote_identifier(column.name);
  });
}

// Without a key a row is what it holds.
std::vector<VerifyColumn> key_columns(const TableShape& table) {
  std::vector<VerifyColumn> columns;
  for (const VerifyColumn& column : table.columns)
    if (is_key(table, column)) columns.push_back(column);
  return columns.empty() ? table.columns : columns;
}

struct Queries {
  const RowSearch& side;
  DigestForm form;
  std::int64_t parts;

  std::string part() const {
    return fmt::format("({}) & {}", row_digest(side.types, key_columns(side.table), form), parts - 1);
  }
  std::string digest() const { return row_digest(side.types, side.table.columns, form); }
  std::string rows() const { return fmt::format("ONLY {} {}", side.table.name, side.table.filter); }

  std::string of_parts() const {
    return fmt::format(
        "SELECT part, pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(digest)) FROM"
        " (SELECT {} AS part, {} AS digest FROM {}) r GROUP BY part",
        part(), digest(), rows());
  }
  std::string of_rows(const std::vector<std::string>& wanted) const {
    const bool keyed = !side.table.key.empty();
    const std::string key = keyed ? fmt::format("ROW({})::text", fmt::join(side.table.key, ", ")) : "''";
    return fmt::format(
        "SELECT {}, pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(digest)) FROM"
        " (SELECT {} AS key, {} AS part, {} AS digest FROM {}) r WHERE part IN ({}) GROUP BY 1",
        keyed ? "key" : "'with digest ' || digest", key, part(), digest(), rows(), fmt::join(wanted, ", "));
  }
};

Lines lines_of(const Rows& rows) {
  Lines lines;
  for (int row = 0; row < rows.size(); ++row)
    lines.emplace(std::string{rows.text(row, 0)}, std::string{rows.text(row, 1)});
  return lines;
}

asio::awaitable<Result<std::pair<Lines, Lines>>> both_lines(Readers& readers, std::string source, std::string target) {
  const auto [from, to] = co_await query_both(readers, std::move(source), std::move(target));
  if (!from) co_return tl::unexpected(from.error());
  if (!to) co_return tl::unexpected(to.error());
  co_return std::pair{lines_of(*from), lines_of(*to)};
}

std::vector<std::string> parts_that_differ(const Lines& source, const Lines& target) {
  std::vector<std::string> parts;
  for (const auto& [part, sums] : source)
    if (const auto there = target.find(part); there == target.end() || there->second != sums) parts.push_back(part);
  for (const auto& [part, sums] : target)
    if (!source.contains(part)) parts.push_back(part);
  return parts;
}

std::vector<std::string> sentences(const Lines& source, const Lines& target) {
  std::vector<std::string> found;
  for (const auto& [key, digest] : source) {
    const auto there = target.find(key);
    if (there == target.end())
      found.push_back(fmt::format("row {} is missing on the target", key));
    else if (there->second != digest)
      found.push_back(fmt::format("row {} differs", key));
  }
  for (const auto& [key, digest] : target)
    if (!source.contains(key)) found.push_back(fmt::format("row {} is on the target only", key));
  return found;
}

}  // namespace

asio::awaitable<Result<std::vector<std::string>>> differing_rows(Readers& readers, RowSearch source, RowSearch target,
                                                                 DigestForm form, std::int64_t rows) {
  form.widest_text = 0;
  const auto wished = static_cast<std::uint64_t>(std::clamp(rows / rows_in_a_part, std::int64_t{1}, most_parts));
  const auto parts = static_cast<std::int64_t>(std::bit_ceil(wished));
  const Queries from{source, form, parts}, to{target, form, parts};
  const auto sums = co_await both_lines(readers, from.of_parts(), to.of_parts());
  if (!sums) co_return tl::unexpected(sums.error());
  auto wanted = parts_that_differ(sums->first, sums->second);
  if (wanted.empty()) co_return std::vector<std::string>{};
  const bool more_parts = wanted.size() > parts_read;
  wanted.resize(std::min(wanted.size(), parts_read));
  const auto found = co_await both_lines(readers, from.of_rows(wanted), to.of_rows(wanted));
  if (!found) co_return tl::unexpected(found.error());
  auto result = sentences(found->first, found->second);
  const bool more = more_parts || result.size() > rows_shown;
  result.resize(std::min(result.size(), rows_shown));
  if (more) result.emplace_back("and further rows");
  co_return result;
}

}  // namespace pgpassage::migrate
