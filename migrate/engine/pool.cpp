#include "migrate/engine/pool.hpp"

namespace pgpassage::migrate {

std::optional<Session> SessionPool::idle() {
  const std::lock_guard lock{mutex_};
  if (idle_.empty()) return std::nullopt;
  Session session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

boost::asio::awaitable<Result<Session>> SessionPool::take() {
  if (auto session = idle()) co_return std::move(*session);
  co_return co_await open_();
}

void SessionPool::give(Session session) {
  if (!session.open()) return;
  const std::lock_guard lock{mutex_};
  idle_.push_back(std::move(session));
}

}  // namespace pgpassage::migrate
