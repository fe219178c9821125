#include "migrate/pg/pipeline.hpp"

#include "migrate/pg/errors.hpp"
#include "migrate/pg/wait.hpp"

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr int binary = 1;

Result<void> sent(Session& session, int outcome) {
  if (outcome == 1) return {};
  return tl::unexpected(connection_error(session.handle()));
}

}  // namespace

Pipeline::Pipeline(Session& session) : session_{session} { PQenterPipelineMode(session.handle()); }

Result<void> Pipeline::add(const std::string& sql, const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& parameter : parameters) {
    values.push_back(parameter.data());
    lengths.push_back(static_cast<int>(parameter.size()));
  }
  const std::vector<int> formats(parameters.size(), binary);
  ++in_group_;
  return sent(session_, PQsendQueryParams(session_.handle(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                          values.data(), lengths.data(), formats.data(), 0));
}

Result<void> Pipeline::end_group() {
  groups_.push_back(std::exchange(in_group_, 0));
  return sent(session_, PQpipelineSync(session_.handle()));
}

asio::awaitable<Result<void>> Pipeline::statement_answer() {
  Result<void> answer;
  for (;;) {
    const auto result = co_await next_result(session_);
    if (!result) co_return tl::unexpected(result.error());
    if (*result == nullptr) co_return answer;
    if (answer && PQresultStatus(result->get()) == PGRES_FATAL_ERROR)
      answer = tl::unexpected(statement_error(result->get()));
  }
}

// What follows a failed statement is skipped up to the end of its group, and says so without an error.
asio::awaitable<Result<void>> Pipeline::next_answer() {
  if (auto flushed = co_await flush(session_); !flushed) co_return flushed;
  Result<void> answer;
  for (std::size_t left = groups_.front(); left > 0; --left) {
    auto one = co_await statement_answer();
    if (answer) answer = std::move(one);
  }
  groups_.pop_front();
  if (!answer && (connection_lost(answer.error()) || answer.error().code == Errc::canceled)) co_return answer;
  const auto end_of_group = co_await next_result(session_);
  if (!end_of_group) co_return tl::unexpected(end_of_group.error());
  co_return answer;
}

Result<void> Pipeline::end() { return sent(session_, PQexitPipelineMode(session_.handle())); }

}  // namespace pgpassage::migrate
