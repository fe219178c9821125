#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/replay.hpp"
#include "migrate/pg/session.hpp"
#include "migrate/plan/catalog.hpp"

/// Who owns what on the target. Live.
namespace pgpassage::migrate {

/// Makes the login a member of each of the roles that exists there and that it may join (CREATEROLE before 16, ADMIN
/// later), so that it can give objects to them. From 16 on a membership counts only with SET and INHERIT: the one that
/// CREATE ROLE leaves to its maker has neither. Returns those it joined, for `leave_roles`. A role that is not there is
/// a remark.
boost::asio::awaitable<Result<std::vector<std::string>>> join_roles(Session& target, std::vector<std::string> roles,
                                                                    Remark remark);

/// Those of `roles` of which the login is no member by a grant of its own making: it may join them, and leave them
/// again without taking from it what somebody else gave. None for a superuser, who joins no role.
boost::asio::awaitable<Result<std::vector<std::string>>> not_joined(Session& target,
                                                                    const std::vector<std::string>& roles);

/// Ends the memberships that `join_roles` made.
boost::asio::awaitable<void> leave_roles(Session& target, std::vector<std::string> joined);

/// Who without being a superuser gives something away must give it to a role that may create in its schema; what
/// another superuser once gave away on the source need not be so. Lets the owners create where they may not yet, and
/// returns the statements that take it back. What the target refuses shows when the object is to be given away.
boost::asio::awaitable<Result<std::vector<std::string>>> let_owners_create(Session& target,
                                                                           const std::vector<Ownership>& owned);

}  // namespace pgpassage::migrate
