#pragma once

#include <string>
#include <string_view>

#include "app/agent/api/requests.hpp"
#include "migrate/pg/session.hpp"

/// Passwords on the operator's side, for an agent that has none of its own.
namespace pgpassage::app::agent {

/// The password of the first line that fits host, port and user; empty when none does. The database does not matter,
/// since a role has one password for all of them. Pure.
/// Source: PostgreSQL documentation, "The Password File".
std::string password_in(std::string_view passfile, std::string_view host, Port port, std::string_view user);

/// User and password as libpq here would find them: passwordFile or passwordEnv, PGPASSWORD, then PGPASSFILE or
/// ~/.pgpass, which like libpq is passed over when others may read it. The password is empty when there is none.
Result<Login> login_for(const migrate::ServerAddress& server);

}  // namespace pgpassage::app::agent
