#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <memory>
#include <set>

#include "scenarios/observe/observe.hpp"
#include "scenarios/observe/vantage.hpp"

namespace pgpassage::scenarios {
namespace {

struct FreeInterfaces {
  void operator()(ifaddrs* first) const noexcept { freeifaddrs(first); }
};

std::set<IpAddress> addresses_of_this_machine() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, FreeInterfaces> owned{first};
  std::set<IpAddress> addresses;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    const void* bytes = nullptr;
    if (family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    if (family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr;
    char text[INET6_ADDRSTRLEN] = {};
    if (bytes == nullptr || inet_ntop(family, bytes, text, sizeof text) == nullptr) continue;
    if (const auto address = IpAddress::parse(text)) addresses.insert(*address);
  }
  return addresses;
}

}  // namespace

std::vector<std::string> places_here(const Topology& topology) {
  const std::set<IpAddress> here = addresses_of_this_machine();
  std::vector<std::string> places;
  for (const Server& server : topology.servers)
    if (runs_user_processes(server.kind) && server.ip_address && here.contains(*server.ip_address))
      places.push_back(server.name);
  for (const Host& host : topology.hosts)
    if (here.contains(host.ip_address)) places.push_back(host.name);
  return places;
}

}  // namespace pgpassage::scenarios
