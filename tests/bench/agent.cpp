// The agent's figures: memory with 1,000 idle event streams over mutual TLS, and what a probe request costs beside what
// it asks. `bench_agent [STREAMS]`
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include "app/agent/api/requests.hpp"
#include "app/agent/client/client.hpp"
#include "migrate/state/ledger.hpp"
#include "tests/app/agent/process.hpp"
#include "tests/app/program.hpp"

namespace {

namespace asio = boost::asio;
using namespace pgpassage;
using namespace pgpassage::app;
using Clock = std::chrono::steady_clock;

double resident_megabytes(pid_t process) {
  std::ifstream status{fmt::format("/proc/{}/status", process)};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

/// One that runs, as far as the ledger knows: this process.
void record_migration(const std::filesystem::path& home) {
  auto ledger = migrate::Ledger::open(home);
  migrate::NewMigration migration{.name = "idle", .process = migrate::ProcessIdentity::self()};
  migration.databases = {"orders", "billing"};
  if (!ledger || !ledger->create(migration)) std::abort();
}

asio::awaitable<void> follow_until_lost(agent::Client& client, int& following) {
  const auto first = std::make_shared<bool>(true);
  const auto take = [&following, first](const agent::ServerEvent& event) {
    if (event.type == "progress" && std::exchange(*first, false)) ++following;
    return true;
  };
  const std::string target = "/v1/migrations/idle/events";
  const auto ended = co_await client.follow(target, {}, take);
  if (!ended && *first) fmt::print(stderr, "bench: {}\n", ended.error().message);
}

void measure_streams(const agent::AgentProcess& server, const agent::Credentials& credentials, int wanted) {
  asio::io_context context;
  std::vector<agent::Client> clients;
  for (int i = 0; i < wanted; ++i) clients.push_back(std::move(*agent::Client::open(server.url(), credentials)));
  const double before = resident_megabytes(server.pid());
  int following = 0;
  for (int i = 0; i < wanted; ++i) {
    asio::co_spawn(context, follow_until_lost(clients[static_cast<std::size_t>(i)], following),
                   [](const std::exception_ptr&) {});
    while (following < i + 1) context.run_one();
  }
  fmt::print("{} idle event streams: {:.1f} MB resident, {:.1f} MB before\n", following,
             resident_megabytes(server.pid()), before);
}

void measure_probes(const agent::AgentProcess& server, const agent::Credentials& credentials) {
  asio::io_context context;
  auto client = agent::Client::open(server.url(), credentials);
  const agent::ProbeRequest nothing{.place = "here", .address = *IpAddress::parse("127.0.0.1")};
  std::vector<double> milliseconds;
  const auto work = [&]() -> asio::awaitable<void> {
    for (int i = 0; i < 1000; ++i) {
      agent::HttpRequest request{.method = "POST", .target = "/v1/probe"};
      request.body = to_json(nothing);
      const auto start = Clock::now();
      const auto answer = co_await client->ask(std::move(request), deadline_in(std::chrono::seconds{10}));
      if (!answer) std::abort();
      milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    client = agent::Client::open(server.url(), credentials);  // the kept connection goes before its context
  };
  asio::co_spawn(context, work(), [](const std::exception_ptr&) {});
  context.run();
  std::sort(milliseconds.begin() + 1, milliseconds.end());
  fmt::print(
      "probe request with nothing to probe: first, with connection and handshakes, {:.2f} ms; then median {:.2f} ms, "
      "99th {:.2f} ms\n",
      milliseconds[0], milliseconds[500], milliseconds[990]);
}

}  // namespace

int main(int count, char** arguments) {
  const int streams = count > 1 ? std::atoi(arguments[1]) : 1000;
  const Workplace work;
  const agent::Certificates certificates{work.path("certificates")};
  record_migration(work.path("home"));
  std::vector<std::string> options = certificates.server();
  options.insert(options.end(), {"--rate", "1000000", "--log-level", "info"});
  const agent::AgentProcess server{work.path("home"), options};
  measure_probes(server, certificates.client());
  measure_streams(server, certificates.client(), streams);
}
