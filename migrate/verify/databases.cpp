#include "migrate/verify/databases.hpp"

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/engine/servers.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

tl::unexpected<Error> at(const char* end, Error error) {
  error.message = fmt::format("{}: {}", end, error.message);
  return tl::unexpected(std::move(error));
}

asio::awaitable<Result<std::vector<std::string>>> all_databases(Session& server) {
  const auto rows = co_await server.query("SELECT datname FROM pg_catalog.pg_database ORDER BY 1");
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::string> names;
  for (int row = 0; row < rows->size(); ++row) names.emplace_back(rows->text(row, 0));
  co_return names;
}

}  // namespace

asio::awaitable<Result<DatabaseLists>> list_databases(ServerAddress source, ServerAddress target, std::string fallback,
                                                      Deadline deadline) {
  auto from = co_await connect_anywhere(std::move(source), fallback, deadline);
  if (!from) co_return at("source", from.error());
  auto to = co_await connect_anywhere(std::move(target), fallback, deadline);
  if (!to) co_return at("target", to.error());
  auto by_default = co_await user_databases(*from);
  if (!by_default) co_return at("source", by_default.error());
  auto of_source = co_await all_databases(*from);
  if (!of_source) co_return at("source", of_source.error());
  auto of_target = co_await all_databases(*to);
  if (!of_target) co_return at("target", of_target.error());
  co_return DatabaseLists{std::move(*by_default), std::move(*of_source), std::move(*of_target)};
}

}  // namespace pgpassage::migrate
