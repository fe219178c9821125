#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "dns/resolver/resolver.hpp"
#include "scenarios/observe/places.hpp"

namespace pgpassage::scenarios {
namespace {

struct FreeInterfaces {
  void operator()(ifaddrs* first) const noexcept { freeifaddrs(first); }
};

std::optional<IpAddress> address_in(const sockaddr* socket_address) {
  if (socket_address == nullptr) return std::nullopt;
  const void* bytes = nullptr;
  const int family = socket_address->sa_family;
  if (family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(socket_address)->sin_addr;
  if (family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(socket_address)->sin6_addr;
  char text[INET6_ADDRSTRLEN] = {};
  if (bytes == nullptr || inet_ntop(family, bytes, text, sizeof text) == nullptr) return std::nullopt;
  return IpAddress::parse(text);
}

/// The longest prefix whose last address is not beyond the mask: masks have their ones in front.
int length_of(const IpAddress& mask) {
  int length = 0;
  while (length < mask.bits() && Cidr{mask, length + 1}.address() != Cidr{mask, length}.address()) ++length;
  return length;
}

std::string text_of(const char* path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

std::vector<LocalAddress> local_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, FreeInterfaces> owned{first};
  const auto gateways = default_gateways(text_of("/proc/net/route"));
  std::vector<LocalAddress> addresses;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    const auto address = address_in(each->ifa_addr);
    if (!address) continue;
    const auto mask = address_in(each->ifa_netmask);
    LocalAddress local{.address = *address,
                       .network = mask ? Cidr{*address, length_of(*mask)} : Cidr{*address},
                       .interface = each->ifa_name,
                       .loopback = (each->ifa_flags & IFF_LOOPBACK) != 0,
                       .gateway = std::nullopt};
    if (const auto gateway = gateways.find(local.interface); gateway != gateways.end()) local.gateway = gateway->second;
    addresses.push_back(std::move(local));
  }
  return addresses;
}

}  // namespace

Places places_here(const Topology& topology) {
  Machine machine{.addresses = local_addresses(), .name_servers = {}};
  for (const std::string& server : dns::system_name_servers())
    if (const auto address = IpAddress::parse(server)) machine.name_servers.push_back(*address);
  return places_of(topology, machine);
}

}  // namespace pgpassage::scenarios
