#include "migrate/engine/target_lock.hpp"

#include "migrate/engine/servers.hpp"
#include "migrate/engine/sessions.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

constexpr int kind_of_lock = 0x70677073;  // "pgps", among the advisory locks of others
constexpr const char* lock_not_available = "55P03";

Error held_by_another(const std::string& database) {
  return {Errc::already_exists,
          fmt::format("another migration is writing into database {} of the target", quote_identifier(database)),
          {},
          "wait until it has ended, or stop it with `pgpassage cancel` where it runs"};
}

}  // namespace

asio::awaitable<Result<Session>> lock_target(ServerAddress target, std::vector<std::string> databases,
                                             Deadline deadline) {
  auto session = co_await connect_anywhere(std::move(target), {}, deadline);
  if (!session) co_return tl::unexpected(about("target", session.error()));
  const auto patience = co_await session->execute("SET lock_timeout = '5s'");
  if (!patience) co_return tl::unexpected(about("target", patience.error()));
  for (const auto& database : databases) {
    const auto locked = co_await session->execute(fmt::format(
        "SELECT pg_catalog.pg_advisory_lock({}, pg_catalog.hashtext({}))", kind_of_lock, quote_literal(database)));
    if (locked) continue;
    if (locked.error().sqlstate == lock_not_available) co_return tl::unexpected(held_by_another(database));
    co_return tl::unexpected(about("target", locked.error()));
  }
  co_return session;
}

}  // namespace pgpassage::migrate
