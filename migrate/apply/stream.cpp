#include "migrate/apply/stream.hpp"

#include <fmt/format.h>

#include "migrate/apply/protocol.hpp"
#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

// The settings of Session::connect that shape values, as far as every server knows them.
constexpr auto settings =
    "-c DateStyle=ISO,YMD -c IntervalStyle=postgres -c extra_float_digits=3 -c bytea_output=hex -c lc_monetary=C "
    "-c TimeZone=UTC -c statement_timeout=0 -c lock_timeout=0";

std::string start_command(const std::string& slot, cdc::Lsn from, const cdc::PluginOnServer& on,
                          const std::string& publication) {
  std::string options;
  for (const auto& [name, value] : options_of(on, publication))
    options += fmt::format("{}{} {}", options.empty() ? "" : ", ", quote_identifier(name), quote_literal(value));
  return fmt::format("START_REPLICATION SLOT {} LOGICAL {} ({})", quote_identifier(slot), from.to_string(), options);
}

}  // namespace

ServerAddress for_replication(ServerAddress source) {
  source.extra += fmt::format(" replication='database' options='{}'", settings);
  return source;
}

asio::awaitable<Result<CreatedSlot>> create_slot(Session& replication, std::string slot, cdc::Plugin plugin) {
  // Every version exports a snapshot unless told otherwise, and the words to ask for it changed.
  const std::string command = fmt::format("CREATE_REPLICATION_SLOT {} LOGICAL {}", quote_identifier(slot),
                                          quote_identifier(cdc::to_string(plugin)));
  const auto rows = co_await replication.execute(command);
  if (!rows) co_return tl::unexpected(rows.error());
  const auto point = cdc::Lsn::parse(rows->text(0, 1));
  if (!point) co_return fail(Errc::unsupported, "the source made slot {} at no place", slot);
  co_return CreatedSlot{*point, std::string{rows->text(0, 2)}};
}

asio::awaitable<Result<ChangeStream>> ChangeStream::start(Session replication, std::string slot, cdc::Lsn from,
                                                          cdc::PluginOnServer on, std::string publication) {
  const auto started = co_await replication.execute(start_command(slot, from, on, publication));
  if (!started) co_return tl::unexpected(started.error());
  co_return ChangeStream{std::move(replication)};
}

asio::awaitable<Result<Received>> ChangeStream::receive(Deadline deadline) {
  for (;;) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(session_.handle(), &bytes, 1);
    buffer_.reset(bytes);
    if (size < 0) co_return co_await ended();
    if (size > 0) co_return received_of({bytes, static_cast<std::size_t>(size)});
    const auto ready = co_await wait_until_ready(session_.descriptor(), Readiness::wait_read, deadline);
    if (!ready && ready.error().code == Errc::timed_out) co_return Received{};
    if (!ready) co_return tl::unexpected(ready.error());
    if (PQconsumeInput(session_.handle()) == 0) co_return tl::unexpected(connection_error(session_.handle()));
  }
}

asio::awaitable<Result<Received>> ChangeStream::ended() {
  const auto result = co_await next_result(session_);
  if (!result) co_return tl::unexpected(result.error());
  if (PQresultStatus(result->get()) == PGRES_FATAL_ERROR) co_return tl::unexpected(statement_error(result->get()));
  co_return fail(Errc::connection_lost, "the source ended the change stream");
}

asio::awaitable<Result<void>> ChangeStream::confirm(cdc::Lsn safe) {
  const std::string update = status_update(safe);
  if (PQputCopyData(session_.handle(), update.data(), static_cast<int>(update.size())) != 1)
    co_return tl::unexpected(connection_error(session_.handle()));
  co_return co_await flush(session_);
}

}  // namespace pgpassage::migrate
