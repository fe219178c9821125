#include "netcheck/probe/route.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>

namespace pgpassage::netcheck {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

int mtu_of(udp::socket& socket, const udp& protocol) {
  const bool ipv4 = protocol == udp::v4();
  int mtu = 0;
  socklen_t length = sizeof mtu;
  const int asked = ipv4 ? getsockopt(socket.native_handle(), IPPROTO_IP, IP_MTU, &mtu, &length)
                         : getsockopt(socket.native_handle(), IPPROTO_IPV6, IPV6_MTU, &mtu, &length);
  return asked == 0 ? mtu : 0;
}

}  // namespace

Route route_to(const asio::any_io_executor& executor, const IpAddress& address, Port port) {
  udp::socket socket{executor};
  boost::system::error_code error;
  const udp::endpoint peer{asio::ip::make_address(address.to_string(), error), port};
  socket.open(peer.protocol(), error);
  if (!error) socket.connect(peer, error);
  if (error) return {.error = error, .source_address = std::nullopt};
  const auto local = socket.local_endpoint(error);
  return {.error = {},
          .source_address = IpAddress::parse(local.address().to_string()),
          .mtu = mtu_of(socket, peer.protocol())};
}

}  // namespace pgpassage::netcheck
