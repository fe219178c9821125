#include "app/engine_checks.hpp"

#include "migrate/validate/validate.hpp"
#include "migrate/verify/verify.hpp"

namespace pgpassage::app {

namespace asio = boost::asio;
using migrate::Checks;
using migrate::Request;
using migrate::ValidationRecord;
using migrate::Verification;

namespace {

Deadline deadline_of(const Request& request) { return std::chrono::steady_clock::now() + request.connect_time; }

}  // namespace

Checks usual_checks() {
  return {.validate = [](const Request& request) -> asio::awaitable<Result<std::vector<ValidationRecord>>> {
            migrate::ValidationRequest validation{.source = request.source,
                                                  .target = request.target,
                                                  .databases = request.databases,
                                                  .overwrite = request.overwrite,
                                                  .target_storage_gb = request.target_storage_gb,
                                                  .connect_deadline = deadline_of(request)};
            co_return co_await migrate::validate(std::move(validation));
          },
          .verify = [](const Request& request, std::string database) -> asio::awaitable<Result<Verification>> {
            migrate::VerifyRequest verify{.source = request.source,
                                          .target = request.target,
                                          .database = std::move(database),
                                          .jobs = request.jobs,
                                          .source_snapshot = {},
                                          .connect_deadline = deadline_of(request),
                                          .filter = request.filter,
                                          .depth = request.verify};
            const auto comparison = co_await migrate::verify_database(std::move(verify));
            if (!comparison) co_return tl::unexpected(comparison.error());
            co_return to_verification(*comparison);
          }};
}

}  // namespace pgpassage::app
