#include "migrate/catalog/read_catalog.hpp"

#include <algorithm>

#include "migrate/catalog/queries.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

Oid oid(const Rows& rows, int row, int column) { return static_cast<Oid>(rows.integer(row, column)); }

CopyTable table_of(const Rows& rows, int row) {
  return {.oid = oid(rows, row, 0),
          .name = std::string{rows.text(row, 1)},
          .columns = std::string{rows.text(row, 2)},
          .condition = std::string{rows.text(row, 3)},
          .configuration = rows.boolean(row, 4),
          .binary_safe = rows.boolean(row, 5),
          .heap_bytes = rows.integer(row, 6),
          .bytes = rows.integer(row, 7),
          .pages = rows.integer(row, 8),
          .integer_key = {}};
}

std::vector<std::string> first_column(const Rows& rows) {
  std::vector<std::string> result;
  for (int row = 0; row < rows.size(); ++row) result.emplace_back(rows.text(row, 0));
  return result;
}

void add_keys(Catalog& catalog, const Rows& rows) {
  std::map<Oid, std::string> keys;
  for (int row = 0; row < rows.size(); ++row) keys.emplace(oid(rows, row, 0), rows.text(row, 1));
  for (auto& table : catalog.tables)
    if (const auto key = keys.find(table.oid); key != keys.end()) table.integer_key = key->second;
}

void add_foreign_keys(Catalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row)
    catalog.foreign_keys[oid(rows, row, 0)] = {oid(rows, row, 1), oid(rows, row, 2), rows.boolean(row, 3),
                                               rows.integer(row, 4)};
}

Ownership ownership_of(const Rows& rows, int row) {
  return {.owner = std::string{rows.text(row, 0)},
          .schema = std::string{rows.text(row, 1)},
          .objects = rows.integer(row, 2),
          .first = std::string{rows.text(row, 3)},
          .compared = rows.boolean(row, 4)};
}

void add_owners(std::vector<std::string>& roles, const std::vector<Ownership>& owned) {
  for (const Ownership& one : owned)
    if (std::find(roles.begin(), roles.end(), one.owner) == roles.end()) roles.push_back(one.owner);
}

// One statement after the other; `use` takes its rows.
template <class Use>
asio::awaitable<Result<void>> read(Session& source, std::string sql, Use use) {
  auto rows = co_await source.query(std::move(sql));
  if (!rows) co_return tl::unexpected(std::move(rows.error()));
  use(*rows);
  co_return Result<void>{};
}

asio::awaitable<Result<void>> read_tables(Session& source, Catalog& catalog) {
  const int version = source.server_version();
  auto done = co_await read(source, queries::tables(version), [&](const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) catalog.tables.push_back(table_of(rows, row));
  });
  if (!done) co_return done;
  done = co_await read(source, queries::integer_keys(version), [&](const Rows& rows) { add_keys(catalog, rows); });
  if (!done) co_return done;
  co_return co_await read(source, queries::other_relations(),
                          [&](const Rows& rows) { catalog.analyzed = first_column(rows); });
}

asio::awaitable<Result<void>> read_constraints(Session& source, Catalog& catalog) {
  auto done = co_await read(source, queries::indexes(), [&](const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) catalog.index_bytes[oid(rows, row, 0)] = rows.integer(row, 1);
  });
  if (!done) co_return done;
  done = co_await read(source, queries::constraints(), [&](const Rows& rows) {
    for (int row = 0; row < rows.size(); ++row) catalog.constraint_index[oid(rows, row, 0)] = oid(rows, row, 1);
  });
  if (!done) co_return done;
  co_return co_await read(source, queries::foreign_keys(source.server_version()),
                          [&](const Rows& rows) { add_foreign_keys(catalog, rows); });
}

std::string create_options(const Rows& rows) {
  std::string options =
      fmt::format(" TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}", quote_literal(rows.text(0, 0)),
                  quote_literal(rows.text(0, 1)), quote_literal(rows.text(0, 2)));
  if (rows.text(0, 3) == "i")
    options += fmt::format(" LOCALE_PROVIDER icu ICU_LOCALE {}", quote_literal(rows.text(0, 4)));
  if (!rows.is_null(0, 7)) options += fmt::format(" ICU_RULES {}", quote_literal(rows.text(0, 7)));
  if (rows.text(0, 3) == "b")
    options += fmt::format(" LOCALE_PROVIDER builtin BUILTIN_LOCALE {}", quote_literal(rows.text(0, 4)));
  return options;
}

}  // namespace

asio::awaitable<Result<Catalog>> read_catalog(Session& source) {
  Catalog catalog;
  auto done = co_await read_tables(source, catalog);
  if (done) done = co_await read_constraints(source, catalog);
  if (done)
    done = co_await read(source, queries::sequences(), [&](const Rows& rows) {
      for (auto& name : first_column(rows)) catalog.sequences.push_back({std::move(name)});
    });
  if (done)
    done = co_await read(source, queries::large_objects(), [&](const Rows& rows) {
      catalog.large_objects = {rows.integer(0, 0), rows.integer(0, 1)};
    });
  if (done)
    done = co_await read(source, queries::roles(), [&](const Rows& rows) { catalog.roles = first_column(rows); });
  if (!done) co_return tl::unexpected(std::move(done.error()));
  auto owned = co_await read_owners(source);
  if (!owned) co_return tl::unexpected(std::move(owned.error()));
  catalog.owned = std::move(*owned);
  add_owners(catalog.roles, catalog.owned);
  co_return catalog;
}

asio::awaitable<Result<std::vector<Ownership>>> read_owners(Session& source) {
  const auto rows = co_await source.query(queries::owners(source.server_version()));
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<Ownership> owned;
  for (int row = 0; row < rows->size(); ++row) owned.push_back(ownership_of(*rows, row));
  co_return owned;
}

asio::awaitable<Result<DatabaseShape>> read_database_shape(Session& source, std::string database) {
  const std::vector<Parameter> name{database};
  const auto rows = co_await source.query(queries::database_shape(source.server_version()), name);
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->empty())
    co_return fail_with_cure(Errc::not_found, "give --databases names that the source has",
                             "the source has no database {}", quote_identifier(database));
  if (!rows->boolean(0, 6))
    co_return fail_with_cure(Errc::not_found, "leave it out: it is a template that nobody may open",
                             "the source does not allow connections to database {}", quote_identifier(database));
  co_return DatabaseShape{std::string{rows->text(0, 0)}, create_options(*rows), std::string{rows->text(0, 5)}};
}

asio::awaitable<Result<std::vector<std::string>>> user_databases(Session& source) {
  const auto rows = co_await source.query(queries::user_databases());
  if (!rows) co_return tl::unexpected(rows.error());
  co_return first_column(*rows);
}

}  // namespace pgpassage::migrate
