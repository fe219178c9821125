#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "dns/zones/lookup.hpp"
#include "netcheck/base/deadline.hpp"

/// Names asked from the real network, by c-ares.
namespace pgpassage::dns {

/// The name servers of this machine (/etc/resolv.conf), in order.
std::vector<std::string> system_name_servers();

/// Asks A and AAAA of `name`. `servers` are "address" or "address:port", tried in order; empty means
/// system_name_servers(). Search domains and /etc/hosts are not used. A name that is an address answers with itself.
boost::asio::awaitable<Lookup> lookup(std::string name, std::vector<std::string> servers, Deadline deadline);

}  // namespace pgpassage::dns
