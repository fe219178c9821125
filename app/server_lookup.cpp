#include "app/server_lookup.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>

#include "dns/resolver/resolver.hpp"

namespace pgpassage::app {
namespace {

boost::asio::awaitable<Result<migrate::ServerAddress>> resolved(migrate::ServerAddress server) {
  if (server.address || server.host.empty() || server.host.front() == '/') co_return server;
  if (const auto literal = IpAddress::parse(server.host)) {
    server.address = literal;
    co_return server;
  }
  std::vector<std::string> own_servers;
  const dns::Lookup lookup =
      co_await dns::lookup(server.host, std::move(own_servers), deadline_in(std::chrono::seconds{10}));
  if (lookup.addresses.empty())
    co_return fail_with_cure(Errc::connect_failed,
                             "run check on the file: it says which zone, link or forwarder is missing",
                             "the name {} has no address here ({})", server.host, dns::to_string(lookup.status));
  if (lookup.addresses.size() == 1) server.address = lookup.addresses.front();
  co_return server;
}

}  // namespace

boost::asio::awaitable<Result<migrate::Request>> with_addresses(migrate::Request request) {
  for (migrate::ServerAddress* server : {&request.source, &request.target}) {
    auto with_address = co_await resolved(*server);
    if (!with_address) co_return tl::unexpected(with_address.error());
    *server = std::move(*with_address);
  }
  co_return request;
}

Result<void> look_up(migrate::Request& request) {
  boost::asio::io_context context;
  auto asked = boost::asio::co_spawn(context, with_addresses(request), boost::asio::use_future);
  context.run();
  auto found = asked.get();
  if (!found) return tl::unexpected(found.error());
  request = std::move(*found);
  return {};
}

}  // namespace pgpassage::app
