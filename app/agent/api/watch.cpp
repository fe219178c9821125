#include "app/agent/api/watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>

#include "app/agent/http/events.hpp"
#include "app/agent/log.hpp"
#include "app/report/json_text.hpp"
#include "app/report/migration_report.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using migrate::EventRecord;
using migrate::MigrationDetail;

constexpr std::chrono::milliseconds between_looks{250};
constexpr int looks_between_signs_of_life = 60;

std::string log_event(const EventRecord& event, std::size_t number) {
  const json::object data{{"time", json_string(utc_text(event.time))}, {"text", json_string(event.text)}};
  return to_wire(ServerEvent{"log", json::serialize(data), std::to_string(number)});
}

/// In one line, because each line of an event costs a field name.
std::string compact(const std::string& text) { return json::serialize(json::parse(text)); }

}  // namespace

Watch::Watch(asio::io_context& context, migrate::Ledger& ledger, migrate::MigrationId id)
    : ledger_{ledger}, id_{id}, changed_{context, asio::steady_timer::time_point::max()} {
  look();
}

void Watch::look() {
  auto now = ledger_.progress(id_, logs_.size());
  if (!now) {
    log().warn("the ledger cannot be read id={} reason={}", id_, now.error().message);
    return;
  }
  for (const EventRecord& event : now->events) logs_.push_back(log_event(event, logs_.size() + 1));
  bool changed = !now->events.empty();
  now->events.clear();
  // At a fixed time, or the duration alone would be news.
  if (std::string mark = render_migration_json(*now, now->migration.started); mark != progress_mark_) {
    progress_mark_ = std::move(mark);
    ++version_;
    changed = true;
  }
  const std::string text = compact(render_migration_json(*now, std::chrono::system_clock::now()));
  progress_ = to_wire(ServerEvent{"progress", text, {}});
  if (migrate::ended(now->migration.stage.state) && end_.empty()) {
    end_ = to_wire(
        ServerEvent{"end", json::serialize(json::object{{"state", to_string(now->migration.stage.state)}}), {}});
    changed = true;
  }
  if (changed) changed_.cancel();
}

asio::awaitable<void> Watch::keep_looking(std::weak_ptr<Watch> weak) {
  asio::steady_timer pause{co_await asio::this_coro::executor};
  for (int looks = 1;; ++looks) {
    pause.expires_after(between_looks);
    co_await pause.async_wait(nothrow_awaitable);
    const auto watch = weak.lock();
    if (!watch || !watch->end_.empty()) co_return;
    watch->look();
    if (looks % looks_between_signs_of_life == 0) watch->changed_.cancel();
  }
}

std::string Watch::news(Told& told) const {
  std::string text;
  for (; told.events < logs_.size(); ++told.events) text += logs_[told.events];
  if (told.progress != version_) text += progress_;
  told.progress = version_;
  if (!end_.empty() && !told.end) text += end_;
  told.end = !end_.empty();
  return text;
}

asio::awaitable<void> Watch::wait() { co_await changed_.async_wait(nothrow_awaitable); }

std::shared_ptr<Watch> Watches::of(migrate::MigrationId id) {
  std::erase_if(watches_, [](const auto& entry) { return entry.second.expired(); });
  if (auto known = watches_[id].lock()) return known;
  auto watch = std::make_shared<Watch>(context_, ledger_, id);
  watches_[id] = watch;
  const auto escaped = [](const std::exception_ptr& error) {
    if (error) log().error("a watch ended by a bug");
  };
  asio::co_spawn(context_, Watch::keep_looking(watch), escaped);
  return watch;
}

}  // namespace pgpassage::app::agent
