#include "app/agent/serve.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>

#include "app/agent/api/service.hpp"
#include "app/agent/log.hpp"
#include "app/version.hpp"
#include "netcheck/base/address.hpp"
#include "netcheck/probe/async.hpp"

namespace pgpassage::app::agent {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

Result<tcp::endpoint> endpoint_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto wrong = fail_with_cure(Errc::input, "write 10.20.2.4:7443, [fd00::4]:7443 or 127.0.0.1:7443",
                                    "'{}' is not an address and a port to listen on", text);
  if (colon == text.npos) return wrong;
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  Port port = 0;
  const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || !IpAddress::parse(host)) return wrong;
  error_code unreadable;
  const auto address = asio::ip::make_address(host, unreadable);
  if (unreadable) return wrong;
  return tcp::endpoint{address, port};
}

Result<void> refuse_in_the_open(const tcp::endpoint& endpoint, const AccessFiles& files) {
  if (endpoint.address().is_loopback()) return {};
  constexpr const char* cure = "`pgpassage agent init` makes certificates and says how to use them";
  if (!files.encrypted())
    return fail_with_cure(Errc::input, cure, "without TLS an agent listens on loopback alone, not on {}",
                          endpoint.address().to_string());
  if (!files.authenticated())
    return fail_with_cure(Errc::input, cure,
                          "everybody could order migrations on {}: --client-ca or --token-file is missing",
                          endpoint.address().to_string());
  return {};
}

/// Passwords of servers lie in this process: neither a core file nor a debugger of the same account shall have them.
void keep_secrets() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

/// Every connection is a descriptor; a shell's usual 1024 are fewer than we let in.
void raise_descriptors(std::size_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = connections + 512;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

asio::awaitable<void> stop(asio::io_context& context, Server& server, Service& service, std::chrono::seconds time) {
  server.stop();
  co_await service.drain(time);
  // Those who follow a migration still have to hear how it ended.
  asio::steady_timer pause{context, std::chrono::seconds{1}};
  co_await pause.async_wait(nothrow_awaitable);
  log().info("stopped");
  context.stop();
}

asio::awaitable<void> mind_signals(asio::io_context& context, asio::signal_set& signals, Server& server,
                                   Service& service, Access& access, std::chrono::seconds drain_time) {
  const auto escaped = [](const std::exception_ptr& error) {
    if (error) log().error("stopping failed by a bug");
  };
  for (int asked = 0;;) {
    const auto [error, number] = co_await signals.async_wait(nothrow_awaitable);
    if (error) co_return;
    if (number == SIGHUP) {
      access.forget();
      access.keys();
      continue;
    }
    ++asked;
    log().info("stopping signal={} drain={}s", number, asked == 1 ? drain_time.count() : 0);
    if (asked == 1)
      asio::co_spawn(context, stop(context, server, service, drain_time), escaped);
    else
      service.hurry();
  }
}

AccessFiles files_of(const AgentOptions& options) {
  return {.tls = {.certificate = options.certificate,
                  .key = options.key,
                  .ca = options.client_ca,
                  .revoked = options.revoked},
          .token = options.token_file};
}

}  // namespace

Result<void> serve(const AgentOptions& options) {
  const auto endpoint = endpoint_of(options.listen);
  if (!endpoint) return tl::unexpected(endpoint.error());
  const AccessFiles files = files_of(options);
  if (const auto safe = refuse_in_the_open(*endpoint, files); !safe) return safe;
  if (!files.tls.ca.empty() && !files.encrypted())
    return fail(Errc::input, "--client-ca needs --tls-cert and --tls-key");
  auto access = Access::open(files);
  if (!access) return tl::unexpected(access.error());
  const auto home = migrate::home_directory();
  if (!home) return tl::unexpected(home.error());
  auto ledger = migrate::Ledger::open(*home);
  if (!ledger) return tl::unexpected(ledger.error());
  keep_secrets();
  raise_descriptors(options.connections);
  asio::io_context context{1};
  Service service{context, *ledger};
  const Limits limits{.connections = options.connections, .requests_per_second = options.rate};
  Server server{context, *access, limits, [&](HttpRequest request, Caller caller) {
                  return service.answer(std::move(request), std::move(caller));
                }};
  if (auto listening = server.listen(*endpoint); !listening) return listening;
  asio::signal_set signals{context, SIGTERM, SIGINT, SIGHUP};  // from here on a signal drains
  log().info("listening address={} port={} tls={} version={}", server.address().address().to_string(),
             server.address().port(), files.encrypted(), version);
  if (!files.authenticated())
    log().warn("everybody on this machine may order migrations: no --client-ca, no --token-file");
  const auto escaped = [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  };
  asio::co_spawn(context, server.accept(), escaped);
  asio::co_spawn(context, mind_signals(context, signals, server, service, *access, options.drain_time), escaped);
  context.run();
  return {};
}

}  // namespace pgpassage::app::agent
