#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "migrate/pg/session.hpp"
#include "migrate/plan/role_handling.hpp"

/// Roles, which belong to a whole server. Live.
namespace pgpassage::migrate {

/// Names or makes on the target the roles of the source's users that it lacks; the providers' own are left out. A role
/// is made with its attributes, password, settings, comment and memberships, as far as the source's login may read and
/// the target's may make them; SUPERUSER is never given. What was left out goes to `say`, a sentence each, never with a
/// password. Roles that the target has stay as they are.
/// Errors: a session that breaks, or a role that cannot be made at all.
/// Source: Microsoft Learn, "Permissions in migration scenarios" (roles are made again without SUPERUSER).
boost::asio::awaitable<Result<void>> bring_roles(Session& source, Session& target, RoleHandling handling,
                                                 std::function<void(std::string)> say);

}  // namespace pgpassage::migrate
