#include "migrate/engine/roles.hpp"

#include <algorithm>

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr int memberships_have_options = 160000;

enum class Standing { absent, member, stranger };

asio::awaitable<Result<Standing>> standing(Session& target, std::string role) {
  const std::vector<Parameter> name{role};
  const char* has = target.server_version() < memberships_have_options
                        ? "pg_catalog.pg_has_role(oid, 'MEMBER')"
                        : "pg_catalog.pg_has_role(oid, 'USAGE') AND pg_catalog.pg_has_role(oid, 'SET')";
  const auto rows =
      co_await target.query(fmt::format("SELECT {} FROM pg_catalog.pg_roles WHERE rolname = $1", has), name);
  if (!rows) co_return tl::unexpected(rows.error());
  if (rows->empty()) co_return Standing::absent;
  co_return rows->boolean(0, 0) ? Standing::member : Standing::stranger;
}

}  // namespace

asio::awaitable<Result<std::vector<std::string>>> join_roles(Session& target, std::vector<std::string> roles,
                                                             Remark remark) {
  std::vector<std::string> joined;
  const char* options = target.server_version() < memberships_have_options ? "" : " WITH INHERIT TRUE, SET TRUE";
  for (const auto& role : roles) {
    const auto now = co_await standing(target, role);
    if (!now) co_return tl::unexpected(now.error());
    if (*now == Standing::absent) remark(fmt::format("role {} is not on the target", quote_identifier(role)), {});
    if (*now != Standing::stranger) continue;
    const auto granted =
        co_await target.execute(fmt::format("GRANT {} TO CURRENT_USER{}", quote_identifier(role), options));
    if (granted) joined.push_back(role);
    if (!granted && connection_lost(granted.error())) co_return tl::unexpected(granted.error());
  }
  co_return joined;
}

asio::awaitable<Result<std::vector<std::string>>> not_joined(Session& target, const std::vector<std::string>& roles) {
  const char* own = target.server_version() < memberships_have_options ? "" : " AND m.grantor = me.oid";
  const auto rows = co_await target.query(fmt::format(
      "SELECT r.rolname FROM pg_catalog.pg_roles r, pg_catalog.pg_roles me"
      " WHERE me.rolname = CURRENT_USER AND NOT me.rolsuper AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members m"
      " WHERE m.roleid = r.oid AND m.member = me.oid{})",
      own));
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::string> result;
  for (int row = 0; row < rows->size(); ++row)
    if (std::find(roles.begin(), roles.end(), rows->text(row, 0)) != roles.end())
      result.emplace_back(rows->text(row, 0));
  co_return result;
}

asio::awaitable<void> leave_roles(Session& target, std::vector<std::string> joined) {
  for (const auto& role : joined)
    co_await target.execute(fmt::format("REVOKE {} FROM CURRENT_USER", quote_identifier(role)));
}

asio::awaitable<Result<std::vector<std::string>>> let_owners_create(Session& target,
                                                                    const std::vector<Ownership>& owned) {
  std::vector<std::string> back;
  for (const auto& [owner, schema, objects, first, compared] : owned) {
    if (schema.empty()) continue;
    const std::vector<Parameter> names{owner, schema};
    const auto lacks = co_await target.query(
        "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1 AND pg_catalog.to_regnamespace($2) IS NOT NULL"
        " AND pg_catalog.current_setting('is_superuser') = 'off'"
        " AND NOT pg_catalog.has_schema_privilege(oid, pg_catalog.to_regnamespace($2), 'CREATE')",
        names);
    if (!lacks) co_return tl::unexpected(lacks.error());
    if (lacks->empty()) continue;
    const std::string role = quote_identifier(owner);
    const auto granted = co_await target.execute(fmt::format("GRANT CREATE ON SCHEMA {} TO {}", schema, role));
    if (!granted && connection_lost(granted.error())) co_return tl::unexpected(granted.error());
    if (granted) back.push_back(fmt::format("REVOKE CREATE ON SCHEMA {} FROM {}", schema, role));
  }
  co_return back;
}

}  // namespace pgpassage::migrate
