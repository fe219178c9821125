#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/engine/replay.hpp"
#include "migrate/pg/session.hpp"

/// Who owns what on the target. Live.
namespace pgpassage::migrate {

/// Makes the login a member of each of the roles that exists there and that it may join (CREATEROLE before 16, ADMIN
/// later), so that it can give objects to them. Returns those it joined, for `leave_roles`. A role that is not there
/// is a remark.
boost::asio::awaitable<Result<std::vector<std::string>>> join_roles(Session& target, std::vector<std::string> roles,
                                                                    Remark remark);

/// Ends the memberships that `join_roles` made.
boost::asio::awaitable<void> leave_roles(Session& target, std::vector<std::string> joined);

}  // namespace pgpassage::migrate
