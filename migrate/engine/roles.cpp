#include "migrate/engine/roles.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

enum class Standing { absent, member, stranger };

asio::awaitable<Result<Standing>> standing(Session& target, std::string role) {
  const std::vector<Parameter> name{role};
  const auto rows = co_await target.query(
      "SELECT pg_catalog.pg_has_role(current_user, oid, 'MEMBER') FROM pg_catalog.pg_roles WHERE rolname = $1", name);
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->empty()) co_return Standing::absent;
  co_return rows->boolean(0, 0) ? Standing::member : Standing::stranger;
}

}  // namespace

asio::awaitable<Result<std::vector<std::string>>> join_roles(Session& target, std::vector<std::string> roles,
                                                             Remark remark) {
  std::vector<std::string> joined;
  for (const auto& role : roles) {
    const auto now = co_await standing(target, role);
    if (!now) co_return tl::unexpected(now.error());
    if (*now == Standing::absent) remark(fmt::format("role {} is not on the target", quote_identifier(role)), {});
    if (*now != Standing::stranger) continue;
    const auto granted = co_await target.execute(fmt::format("GRANT {} TO CURRENT_USER", quote_identifier(role)));
    if (granted) joined.push_back(role);
    if (!granted && connection_lost(granted.error())) co_return tl::unexpected(granted.error());
  }
  co_return joined;
}

asio::awaitable<void> leave_roles(Session& target, std::vector<std::string> joined) {
  for (const auto& role : joined)
    co_await target.execute(fmt::format("REVOKE {} FROM CURRENT_USER", quote_identifier(role)));
}

}  // namespace pgpassage::migrate
