#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netcheck/topology/topology.hpp"

/// The lab: a topology file raised as real network namespaces, filters, DNS servers and PostgreSQL clusters.
///
/// Compiled from the file alone, never from what the program under test concludes from it, so that it can referee it.
namespace pgpassage::lab {

/// Where every process of the lab finds its files: the state directory, bound here inside the lab's own mount
/// namespace.
inline constexpr std::string_view inside = "/run/lab";

/// The address at which Azure answers DNS inside a VNet, and the one at which a site's undescribed resolver does.
inline constexpr std::string_view azure_dns = "168.63.129.16";
inline constexpr std::string_view site_dns = "169.254.169.253";
/// The DNS server of the lab's internet: the root zone with every public name of the file.
inline constexpr std::string_view public_dns = "198.51.100.53";
inline constexpr std::string_view internet = "internet";

/// One network namespace: a VNet's or site's fabric, one network interface of a machine, or the internet.
struct Place {
  std::string name;                   ///< "vnet.vnet-hub", "host.vm-crossing", "internet"
  bool forwards = false;              ///< routes packets that are not its own
  std::vector<std::string> loopback;  ///< addresses on lo, with prefix length
  std::vector<std::string> routes;    ///< lines for `ip -batch`: routes and rules, after the links are up
  std::string filter;                 ///< text for `nft -f`; replaces what was there; empty: no filter
  std::string resolv_conf;            ///< empty for fabrics: nothing of the user's runs there

  bool operator==(const Place&) const = default;
};

struct LinkEnd {
  std::string place;
  std::string device;
  std::string address;  ///< with prefix length

  bool operator==(const LinkEnd&) const = default;
};

/// A veth pair between two places.
struct Link {
  LinkEnd one;
  LinkEnd other;
  int mtu = 1500;

  bool operator==(const Link&) const = default;
};

struct ZoneFile {
  std::string name;  ///< "." for the root
  std::string text;  ///< master file

  bool operator==(const ZoneFile&) const = default;
};

struct ForwardZone {
  std::string name;
  std::vector<std::string> targets;

  bool operator==(const ForwardZone&) const = default;
};

/// One `named`. Without forwarders and with a root zone it is the internet's own.
struct NameServer {
  std::string place;
  std::string listen;
  std::vector<ZoneFile> zones;
  std::vector<ForwardZone> forward_zones;
  std::vector<std::string> forwarders;

  bool operator==(const NameServer&) const = default;
};

/// One PostgreSQL cluster, listening on every address of its place.
struct Cluster {
  std::string server;  ///< the server's name in the file
  std::string place;
  Port port = 5432;
  std::string user;                ///< ordinary role to create; empty: none
  bool tls = false;                ///< ssl on, with a certificate made for `names`
  std::vector<std::string> names;  ///< under which clients know it: names and addresses, the name first

  bool operator==(const Cluster&) const = default;
};

struct LabPlan {
  std::vector<Place> places;
  std::vector<Link> links;
  std::vector<NameServer> name_servers;
  std::vector<Cluster> clusters;
  std::vector<std::string>
      not_raised;  ///< what the file says or leaves open and the lab cannot build: one sentence each

  bool operator==(const LabPlan&) const = default;
};

/// The whole lab as a value. No I/O, cannot fail: what cannot be built is named in `not_raised`.
/// Source of the semantics: Microsoft Learn on network security groups, user-defined routes, virtual network peering,
/// private endpoints and private DNS.
LabPlan compile(const Topology& topology);

/// The place of that name, or null.
const Place* find_place(const LabPlan& plan, std::string_view name);

/// `named.conf` of a name server whose files lie in `directory`; zone file i is "zone<i>" there.
std::string config_text(const NameServer& server, std::string_view directory);

}  // namespace pgpassage::lab
