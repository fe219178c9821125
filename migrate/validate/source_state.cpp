#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

// Members of the groups in which a Single Server keeps its Microsoft Entra users.
constexpr const char* entra_query =
    "SELECT DISTINCT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid ="
    " a.roleid WHERE g.rolname IN ('azure_ad_admin', 'azure_ad_user', 'azure_ad_mfa') ORDER BY 1";

constexpr const char* md5_query =
    "SELECT rolname FROM pg_authid WHERE rolcanlogin AND rolpassword LIKE 'md5%' AND oid >= 16384 ORDER BY 1";

awaitable<Result<void>> check_entra(ValidationWork& work) {
  const auto roles = co_await column(work.source, entra_query);
  if (!roles) co_return tl::unexpected(roles.error());
  add(work, "SRV015", "", "target", missing(*roles, work.target_roles), "Microsoft Entra roles are not on the target");
  co_return Result<void>{};
}

// A snapshot can be exported there, but what the primary does may end a session that reads it.
awaitable<Result<void>> check_primary(ValidationWork& work) {
  const auto standby = co_await work.source.query("SELECT pg_is_in_recovery()");
  if (!standby) co_return tl::unexpected(standby.error());
  add(work, "SRV016", "", "source", flag(standby->boolean(0, 0), "pg_is_in_recovery() is true"),
      "The source is a standby, and cannot be set to write",
      work.source.server_version() < 100000 ? std::optional{ItemState::failed} : std::nullopt);
  co_return Result<void>{};
}

// Who may not read password hashes cannot move them either.
awaitable<Result<void>> check_hashes(ValidationWork& work) {
  const auto may = co_await work.source.query("SELECT has_table_privilege('pg_authid', 'SELECT')");
  if (!may) co_return tl::unexpected(may.error());
  const auto made = co_await work.target.query("SHOW password_encryption");
  if (!made) co_return tl::unexpected(made.error());
  if (!may->boolean(0, 0) || made->text(0, 0) != "scram-sha-256") co_return Result<void>{};
  const auto roles = co_await column(work.source, md5_query);
  if (!roles) co_return tl::unexpected(roles.error());
  add(work, "SRV017", "", "source", *roles, "Logins have MD5 passwords, and the target makes SCRAM-SHA-256");
  co_return Result<void>{};
}

}  // namespace

awaitable<Result<void>> check_source_state(ValidationWork& work) {
  auto done = co_await check_entra(work);
  if (done) done = co_await check_primary(work);
  if (done) done = co_await check_hashes(work);
  co_return done;
}

}  // namespace pgpassage::migrate
