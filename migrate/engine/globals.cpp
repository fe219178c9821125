#include "migrate/engine/globals.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "migrate/engine/globals_queries.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
using Say = std::function<void(std::string)>;

struct Role {
  std::string name;        ///< quoted for SQL
  std::string create;      ///< CREATE ROLE with what anybody with CREATEROLE may give
  std::string privileged;  ///< " REPLICATION BYPASSRLS", which may be refused; empty: neither
  std::string password;    ///< ALTER ROLE ... PASSWORD; empty: not readable, or none
  bool login = false;
  bool superuser = false;
};

asio::awaitable<Result<std::vector<std::string>>> names_on(Session& target) {
  const auto rows = co_await target.query("SELECT pg_catalog.quote_ident(rolname) FROM pg_catalog.pg_roles");
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<std::string> names;
  for (int row = 0; row < rows->size(); ++row) names.emplace_back(rows->text(row, 0));
  co_return names;
}

asio::awaitable<Result<std::vector<Role>>> roles_of(Session& source) {
  const auto readable =
      co_await source.query("SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT')");
  if (!readable) co_return tl::unexpected(readable.error());
  const auto rows = co_await source.query(queries::roles_to_make(readable->boolean(0, 0)));
  if (!rows) co_return tl::unexpected(rows.error());
  std::vector<Role> roles;
  for (int row = 0; row < rows->size(); ++row)
    roles.push_back({.name = std::string{rows->text(row, 0)},
                     .create = std::string{rows->text(row, 1)},
                     .privileged = std::string{rows->text(row, 2)},
                     .password = std::string{rows->text(row, 3)},
                     .login = rows->boolean(row, 4),
                     .superuser = rows->boolean(row, 5)});
  co_return roles;
}

asio::awaitable<Result<std::vector<Role>>> missing_roles(Session& source, Session& target) {
  const auto there = co_await names_on(target);
  if (!there) co_return tl::unexpected(there.error());
  auto roles = co_await roles_of(source);
  if (!roles) co_return roles;
  std::erase_if(*roles,
                [&](const Role& role) { return std::find(there->begin(), there->end(), role.name) != there->end(); });
  co_return roles;
}

// A statement that nothing else depends on: what is refused is said.
asio::awaitable<Result<void>> attempt(Session& target, std::string sql, std::string what, const Say& say) {
  const auto done = co_await target.execute(std::move(sql));
  if (!done && connection_lost(done.error())) co_return tl::unexpected(done.error());
  if (!done) say(fmt::format("{}: {}", what, done.error().message));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> give_password(Session& target, const Role& role, const Say& say) {
  if (!role.password.empty())
    co_return co_await attempt(target, role.password, fmt::format("the password of role {}", role.name), say);
  if (role.login) say(fmt::format("role {} was made without a password: the source's could not be read", role.name));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> make(Session& target, const Role& role, const Say& say) {
  auto made = co_await target.execute(role.create + role.privileged);
  if (!made && made.error().code == Errc::permission && !role.privileged.empty()) {
    say(fmt::format("role {} was made without{}: {}", role.name, role.privileged, made.error().message));
    made = co_await target.execute(role.create);
  }
  if (!made) {
    Error error = made.error();
    error.message = fmt::format("cannot make role {} on the target: {}", role.name, error.message);
    if (error.code == Errc::permission) error.cure = "grant CREATEROLE to the target's login, or use --roles report";
    co_return tl::unexpected(std::move(error));
  }
  if (role.superuser) say(fmt::format("role {} is a superuser on the source and none on the target", role.name));
  co_return co_await give_password(target, role, say);
}

// Settings, comments and memberships of the roles that were made now.
asio::awaitable<Result<void>> make_the_rest(Session& source, Session& target, const std::vector<Role>& made,
                                            const Say& say) {
  for (const std::string& query : queries::attributes_of_roles(source.server_version(), target.server_version())) {
    const auto rows = co_await source.query(query);
    if (!rows) co_return tl::unexpected(rows.error());
    for (int row = 0; row < rows->size(); ++row) {
      const auto ours = [&](const Role& role) { return role.name == rows->text(row, 0); };
      if (std::none_of(made.begin(), made.end(), ours)) continue;
      const std::string what{rows->text(row, 2)};
      const auto done = co_await attempt(target, std::string{rows->text(row, 1)}, what, say);
      if (!done) co_return done;
    }
  }
  co_return Result<void>{};
}

void report(const std::vector<Role>& roles, const Say& say) {
  std::vector<std::string> names;
  for (const Role& role : roles) names.push_back(role.name + (role.superuser ? " (a superuser)" : ""));
  if (!names.empty())
    say(fmt::format("roles of the source are not on the target: {}; --roles create makes them",
                    fmt::join(names, ", ")));
}

}  // namespace

asio::awaitable<Result<void>> bring_roles(Session& source, Session& target, RoleHandling handling,
                                          std::function<void(std::string)> say) {
  if (handling == RoleHandling::none) co_return Result<void>{};
  const auto roles = co_await missing_roles(source, target);
  if (!roles) co_return tl::unexpected(roles.error());
  if (handling == RoleHandling::report) {
    report(*roles, say);
    co_return Result<void>{};
  }
  for (const Role& role : *roles)
    if (auto done = co_await make(target, role, say); !done) co_return done;
  co_return co_await make_the_rest(source, target, *roles, say);
}

}  // namespace pgpassage::migrate
