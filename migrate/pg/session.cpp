#include "migrate/pg/session.hpp"

#include <thread>

#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;

struct PgFreeCancel {
  void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
};

// PQcancel blocks, for minutes when the network is cut, and libpq 15 has no other way: it gets a thread of its own
// that nobody waits for. The server's answer arrives on the session itself.
void request_cancel(PGconn* connection) {
  std::unique_ptr<PGcancel, PgFreeCancel> cancel{PQgetCancel(connection)};
  std::thread{[cancel = std::move(cancel)] {
    char reason[256];
    PQcancel(cancel.get(), reason, sizeof reason);
  }}.detach();
}

bool copying(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

bool failed(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

asio::awaitable<Result<Rows>> last_rows(Session& session) {
  PgResult last;
  std::optional<Error> error;
  for (;;) {
    auto result = co_await next_result(session);
    if (!result) co_return tl::unexpected(std::move(result.error()));
    if (*result == nullptr) break;
    if (failed(result->get()) && !error) error = statement_error(result->get());
    last = std::move(*result);
    if (copying(last.get())) break;  // the caller streams, then asks for the remaining results
  }
  if (error) co_return tl::unexpected(std::move(*error));
  co_return Rows{std::move(last)};
}

asio::awaitable<Result<Rows>> answer(Session& session) {
  if (auto sent = co_await flush(session); !sent) co_return tl::unexpected(std::move(sent.error()));
  co_return co_await last_rows(session);
}

}  // namespace

Session& Session::operator=(Session&& other) noexcept {
  descriptor_ = std::move(other.descriptor_);  // before the socket that it watches is closed
  connection_ = std::move(other.connection_);
  return *this;
}

void Session::Release::operator()(asio::posix::stream_descriptor* descriptor) const noexcept {
  descriptor->release();
  delete descriptor;
}

int Session::server_version() const { return PQserverVersion(connection_.get()); }

asio::awaitable<void> Session::cancel() {
  co_await shield_from_cancellation();
  if (!open()) co_return;
  request_cancel(handle());
  // To the very end of its answer: an error is sent before the statement is undone.
  const Deadline patience = deadline_in(std::chrono::seconds{5});
  for (;;) {
    while (PQisBusy(handle()) == 1) {
      const auto ready = co_await wait_until_ready(descriptor(), Readiness::wait_read, patience);
      if (!ready || PQconsumeInput(handle()) == 0) break;
    }
    if (PQisBusy(handle()) == 1) break;
    const PgResult result{PQgetResult(handle())};
    if (result == nullptr || copying(result.get())) break;
  }
  *this = Session{};  // a cancel request that comes late must not hit a later statement
}

asio::awaitable<Result<Rows>> Session::query(std::string sql, std::vector<Parameter> parameters) {
  if (!open()) co_return fail(Errc::connection_lost, "the session is closed");
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  const int sent = PQsendQueryParams(handle(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                                     nullptr, nullptr, 0);
  if (sent == 0) co_return tl::unexpected(connection_error(handle()));
  auto rows = co_await answer(*this);
  if (!rows && rows.error().code == Errc::canceled) co_await cancel();
  co_return rows;
}

asio::awaitable<Result<Rows>> Session::execute(std::string sql) {
  if (!open()) co_return fail(Errc::connection_lost, "the session is closed");
  if (PQsendQuery(handle(), sql.c_str()) == 0) co_return tl::unexpected(connection_error(handle()));
  auto rows = co_await answer(*this);
  if (!rows && rows.error().code == Errc::canceled) co_await cancel();
  co_return rows;
}

}  // namespace pgpassage::migrate
