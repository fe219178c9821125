#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <system_error>

#include "netcheck/base/address.hpp"

/// What this machine's routing table says about an address. No packet is sent.
namespace pgpassage::netcheck {

struct Route {
  std::error_code error;                    ///< why there is none
  std::optional<IpAddress> source_address;  ///< that the kernel would use; absent on error
  int mtu = 0;                              ///< bytes: of the device, or less where a router has said so; 0: not known
};

/// Connects a UDP socket, which asks the routing table and nobody else, so it does not wait.
/// Source: Linux ip(7), IP_MTU; udp(7), connect.
Route route_to(const boost::asio::any_io_executor& executor, const IpAddress& address, Port port);

}  // namespace pgpassage::netcheck
