#include "tests/live/migration.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <stdexcept>
#include <thread>

#include "migrate/verify/verify.hpp"

namespace pgpassage::live {

namespace asio = boost::asio;
using migrate::Outcome;

migrate::Request request(const Cluster& source, const Cluster& target, std::vector<std::string> databases) {
  return {.source = source.address(),
          .target = target.address(),
          .databases = std::move(databases),
          .option = MigrationOption::migrate,
          .jobs = 3,
          .index_jobs = 2};
}

migrate::Checks no_checks() {
  return {.validate = [](const migrate::Request&) -> asio::awaitable<Result<std::vector<migrate::ValidationRecord>>> {
            co_return std::vector<migrate::ValidationRecord>{};
          },
          .verify = [](const migrate::Request&, std::string) -> asio::awaitable<Result<migrate::Verification>> {
            co_return migrate::Verification{};
          }};
}

migrate::Checks verification() {
  migrate::Checks checks = no_checks();
  checks.verify = [](const migrate::Request& request,
                     std::string database) -> asio::awaitable<Result<migrate::Verification>> {
    migrate::VerifyRequest verify{.source = request.source,
                                  .target = request.target,
                                  .database = std::move(database),
                                  .source_snapshot = {},
                                  .connect_deadline = deadline_in(request.connect_time),
                                  .filter = request.filter};
    const auto comparison = co_await migrate::verify_database(std::move(verify));
    if (!comparison) co_return tl::unexpected(comparison.error());
    co_return to_verification(*comparison);
  };
  return checks;
}

Outcome migrate_now(migrate::Request request, migrate::Observer observer, migrate::Checks checks) {
  asio::io_context context;
  std::optional<Result<Outcome>> outcome;
  std::exception_ptr escaped;
  asio::co_spawn(asio::make_strand(context),
                 migrate::run_migration(std::move(request), std::move(observer), std::move(checks)),
                 [&](std::exception_ptr exception, Result<Outcome> result) {
                   escaped = exception;
                   outcome = std::move(result);
                 });
  std::thread second{[&] { context.run(); }};
  context.run();
  second.join();
  if (escaped) std::rethrow_exception(escaped);
  if (!*outcome) throw std::runtime_error{outcome->error().message};
  return std::move(**outcome);
}

}  // namespace pgpassage::live
