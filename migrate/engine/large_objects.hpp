#pragma once

#include <boost/asio/awaitable.hpp>

#include "migrate/pg/session.hpp"

/// Large objects: contents in bounded memory, then owners, privileges and comments. Live.
namespace pgpassage::migrate {

/// Copies every large object that the source's snapshot sees, with its oid, in one stream from the source and many to
/// a round trip into the target: memory and round trips do not grow with their number. Needs SELECT on them. Returns
/// how many. After an error both sessions are closed, and the target has some of them.
boost::asio::awaitable<Result<std::int64_t>> copy_large_objects(Session& source, Session& target);

/// Statements that give the large objects their comments, owners and privileges, in pages: those with an oid above
/// `after`, at most a few thousand objects. What `login` makes is its own already. `more` false: this is the last.
struct LargeObjectPage {
  std::int64_t last = 0;
  std::vector<std::string> comments;
  std::vector<std::string> ownership;
  std::vector<std::string> privileges;
  bool more = false;
};
boost::asio::awaitable<Result<LargeObjectPage>> large_object_attributes(Session& source, std::int64_t after,
                                                                        std::string login);

}  // namespace pgpassage::migrate
