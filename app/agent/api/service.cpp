#include "app/agent/api/service.hpp"

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <tuple>

#include "app/agent/api/errors.hpp"
#include "app/agent/http/events.hpp"
#include "app/report/json_text.hpp"
#include "app/report/migration_report.hpp"
#include "app/version.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {

namespace json = boost::json;
namespace {

HttpResponse text_response(std::string text) {
  return {.body = std::move(text), .content_type = "text/plain; charset=utf-8"};
}

}  // namespace

Service::Service(asio::io_context& context, migrate::Ledger& ledger)
    : context_{context},
      ledger_{ledger},
      drain_{context},
      runner_{ledger, [this] { asio::post(context_, [this] { drain_.cancel(); }); }},
      watches_{context, ledger} {}

asio::awaitable<Reply> Service::answer(HttpRequest request, Caller caller) {
  const Match found = match(request.method, request.target);
  if (found.route == nullptr && found.allowed.empty())
    co_return refusal(404, "notFound", "there is no such path", "see openapi.yaml");
  if (found.route == nullptr) {
    HttpResponse response = refusal(405, "unsupported", "this path does not take that method");
    response.headers.emplace_back("Allow", found.allowed);
    co_return response;
  }
  if (!request.body.empty() && !request.content_type.starts_with("application/json"))
    co_return refusal(415, "input", "the body must be application/json");
  Call call{std::move(request), std::move(caller), found.name};
  co_return co_await (this->*found.route->handler)(std::move(call));
}

asio::awaitable<Reply> Service::health(Call) {
  const json::object body{{"status", draining_ ? "draining" : "ok"}, {"migrationsRunning", runner_.running()}};
  co_return HttpResponse{.body = json::serialize(body)};
}

asio::awaitable<Reply> Service::version(Call) {
  const json::object body{{"name", "pgpassage"}, {"version", json_string(app::version)}, {"api", "v1"}};
  co_return HttpResponse{.body = json::serialize(body)};
}

asio::awaitable<Reply> Service::list(Call call) {
  const auto migrations = ledger_.list();
  if (!migrations) co_return refusal(migrations.error());
  if (const auto style = wanted_text(call.request.target))
    co_return text_response(render_list_text(*migrations, std::chrono::system_clock::now(), *style));
  co_return HttpResponse{.body = render_list_json(*migrations, std::chrono::system_clock::now())};
}

HttpResponse Service::shown(migrate::MigrationId id, int status) {
  const auto detail = ledger_.detail(id);
  if (!detail) return refusal(detail.error());
  return {.status = status, .body = render_migration_json(*detail, std::chrono::system_clock::now())};
}

HttpResponse Service::shown_as_text(migrate::MigrationId id, const TextStyle& style) {
  const auto detail = ledger_.detail(id);
  if (!detail) return refusal(detail.error());
  return text_response(render_migration_text(*detail, std::chrono::system_clock::now(), style));
}

asio::awaitable<Reply> Service::show(Call call) {
  const auto id = ledger_.find(call.name);
  if (!id) co_return refusal(id.error());
  if (const auto style = wanted_text(call.request.target)) co_return shown_as_text(*id, *style);
  co_return shown(*id, 200);
}

asio::awaitable<Reply> Service::cancel(Call call) {
  const auto id = ledger_.find(call.name);
  if (!id) co_return refusal(id.error());
  if (const auto asked = ledger_.request_cancel(*id); !asked) co_return refusal(asked.error());
  std::ignore = ledger_.note(*id, fmt::format("cancel requested by {}", call.caller.name));
  const json::object body{{"schemaVersion", 1}, {"name", json_string(call.name)}, {"cancelRequested", true}};
  co_return HttpResponse{.status = 202, .body = json::serialize(body)};
}

asio::awaitable<Reply> Service::not_in_this_version(Call call) {
  if (const auto id = ledger_.find(call.name); !id) co_return refusal(id.error());
  co_return refusal(501, "unsupported", "this version of pgpassage cannot do that yet",
                    "see the release notes of newer versions");
}

asio::awaitable<Reply> Service::events(Call call) {
  const auto id = ledger_.find(call.name);
  if (!id) co_return refusal(id.error());
  const auto told = std::make_shared<Told>();
  const std::string& last = call.request.last_event_id;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), told->events);
  if (error != std::errc{} || end != last.data() + last.size()) told->events = 0;
  const auto watch = watches_.of(*id);
  const auto next = [watch, told]() -> asio::awaitable<std::optional<std::string>> {
    std::string text = watch->news(*told);
    if (!text.empty()) co_return text;
    if (told->end) co_return std::nullopt;
    co_await watch->wait();
    text = watch->news(*told);
    if (text.empty()) text = heartbeat;
    co_return text;
  };
  co_return EventFeed{next};
}

asio::awaitable<void> Service::drain(std::chrono::seconds time) {
  using Clock = std::chrono::steady_clock;
  draining_ = true;
  drained_by_ = Clock::now() + time;
  while (runner_.running() > 0) {
    drain_.expires_at(drained_by_);
    co_await drain_.async_wait(nothrow_awaitable);
    if (Clock::now() < drained_by_) continue;
    runner_.cancel_all("the agent was stopped, and the migration did not end in the time that it had left");
    drained_by_ = Clock::time_point::max();
  }
}

void Service::hurry() {
  if (drained_by_ != std::chrono::steady_clock::time_point::max()) drained_by_ = std::chrono::steady_clock::now();
  drain_.cancel();
}

}  // namespace pgpassage::app::agent
