#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {

/// The session that keeps other runs, of any machine, from writing into the same databases of a target: an advisory
/// lock of each, held until the session ends, also by a kill. Runs whose logins see different maintenance databases do
/// not see each other. Waits some seconds for a process that was just killed.
/// Errc::already_exists when another run holds one. Live.
boost::asio::awaitable<Result<Session>> lock_target(ServerAddress target, std::vector<std::string> databases,
                                                    Deadline deadline);

}  // namespace pgpassage::migrate
