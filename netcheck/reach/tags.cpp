#include "netcheck/reach/tags.hpp"
#include "netcheck/base/azure_dns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace pgpassage::netcheck {
namespace {

bool same_name(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string_view family(std::string_view tag) { return tag.substr(0, tag.find('.')); }

// A default route makes the tag hold every address of its family. An address that is not known may be of either.
Match by_default_route(const VirtualNetworkTag& virtual_network, const AddressSpan& address) {
  const bool four = virtual_network.has_default;
  const bool six = virtual_network.has_ipv6_default;
  if (four == six) return four ? Match::yes : Match::no;
  if (address.any_public) return four == (address.public_family == IpAddress::Family::ipv4) ? Match::yes : Match::no;
  return lies_in(address, std::array{four ? Cidr{} : Cidr{*IpAddress::parse("::"), 0}});
}

Match internet(const VirtualNetworkTag& virtual_network, const AddressSpan& address) {
  const Match is_public = lies_in_public(address);
  if (is_public == Match::no) return Match::no;
  if (by_default_route(virtual_network, address) != Match::no) return Match::unknown;
  if (address.any_public) return Match::yes;
  const Match inside = lies_in(address, virtual_network.prefixes);
  if (inside == Match::yes) return Match::no;
  return inside == Match::unknown ? Match::unknown : is_public;
}

Match inside(const VirtualNetworkTag& virtual_network, const AddressSpan& address) {
  const Match match = lies_in(address, virtual_network.prefixes);
  if (match != Match::no || lies_in(address, virtual_network.doubtful) == Match::no) return match;
  return Match::unknown;
}

Match platform(std::string_view tag, const AddressSpan& address) {
  static const std::vector<Cidr> wire_server{Cidr{azure_dns}};
  static const std::vector<Cidr> metadata{*Cidr::parse("169.254.169.254/32")};
  return lies_in(address, same_name(tag, "AzurePlatformIMDS") ? metadata : wire_server);
}

// A listed tag is exactly its list. A tag whose regions alone are listed holds at least them.
Match listed(const Topology& topology, std::string_view tag, const AddressSpan& address) {
  for (const ServiceTag& known : topology.service_tags)
    if (same_name(known.name, tag)) return lies_in(address, known.prefixes);
  for (const ServiceTag& known : topology.service_tags) {
    const Match match = lies_in(address, known.prefixes);
    if (family(known.name) != known.name && same_name(family(known.name), tag) && match == Match::yes) return match;
    if (same_name(family(tag), known.name) && match == Match::no) return match;
  }
  return Match::unknown;
}

std::string_view region_of(std::string_view tag) { return tag.substr(std::min(tag.size(), family(tag).size() + 1)); }

// Where the service may be: what the file lists for it, else somewhere public.
AddressSpan span_of_service(const Topology& topology, const AzureService& service) {
  const std::string regional = service.tag + "." + service.region;
  for (const std::string_view name : {std::string_view{regional}, std::string_view{service.tag}})
    for (const ServiceTag& known : topology.service_tags)
      if (same_name(known.name, name)) return {known.prefixes, false};
  return {{}, true};
}

// Absent: the tag says nothing by its name alone.
std::optional<Match> by_name(std::string_view tag, const AzureService& service) {
  const bool own = same_name(family(tag), service.tag);
  if (!own && !same_name(family(tag), "AzureCloud"))
    return all_public(tag) && !same_name(tag, "Internet") ? std::optional{Match::no} : std::nullopt;
  if (!own && !service.has_regions) return Match::unknown;
  const std::string_view region = region_of(tag);
  if (region.empty()) return Match::yes;
  if (service.region.empty()) return Match::unknown;
  return same_name(region, service.region) ? Match::yes : Match::no;
}

}  // namespace

bool all_public(std::string_view tag) {
  static constexpr std::array<std::string_view, 46> families{"Internet",
                                                             "Sql",
                                                             "Storage",
                                                             "AzureCloud",
                                                             "AzureActiveDirectory",
                                                             "ActionGroup",
                                                             "ApiManagement",
                                                             "AppConfiguration",
                                                             "AppService",
                                                             "AppServiceManagement",
                                                             "AzureActiveDirectoryDomainServices",
                                                             "AzureAdvancedThreatProtection",
                                                             "AzureArcInfrastructure",
                                                             "AzureBackup",
                                                             "AzureBotService",
                                                             "AzureCognitiveSearch",
                                                             "AzureConnectors",
                                                             "AzureContainerRegistry",
                                                             "AzureCosmosDB",
                                                             "AzureDatabricks",
                                                             "AzureDataExplorerManagement",
                                                             "AzureDevOps",
                                                             "AzureDigitalTwins",
                                                             "AzureEventGrid",
                                                             "AzureFrontDoor",
                                                             "AzureInformationProtection",
                                                             "AzureIoTHub",
                                                             "AzureKeyVault",
                                                             "AzureMachineLearning",
                                                             "AzureMonitor",
                                                             "AzureResourceManager",
                                                             "AzureSiteRecovery",
                                                             "AzureTrafficManager",
                                                             "BatchNodeManagement",
                                                             "CognitiveServicesManagement",
                                                             "DataFactory",
                                                             "DataFactoryManagement",
                                                             "EventHub",
                                                             "GatewayManager",
                                                             "HDInsight",
                                                             "LogicApps",
                                                             "MicrosoftContainerRegistry",
                                                             "PowerBI",
                                                             "ServiceBus",
                                                             "SqlManagement",
                                                             "StorageSyncService"};
  return std::any_of(families.begin(), families.end(),
                     [&](std::string_view known) { return same_name(known, family(tag)); });
}

Match lies_in_tag(const Topology& topology, const VirtualNetworkTag& virtual_network, std::string_view tag,
                  const AddressSpan& address) {
  if (tag == "*") return Match::yes;
  // "Some public address" means one outside the described networks, whatever addresses those use.
  const bool outside = address.any_public;
  if (same_name(tag, "VirtualNetwork") && outside) {
    // Which public address it is, the file does not say: it may be one of a doubtful prefix.
    const bool doubt = lies_in(address, virtual_network.doubtful) != Match::no;
    return any_of(by_default_route(virtual_network, address), doubt ? Match::unknown : Match::no);
  }
  if (same_name(tag, "VirtualNetwork"))
    return any_of(by_default_route(virtual_network, address), inside(virtual_network, address));
  if (same_name(tag, "Internet")) return internet(virtual_network, address);
  if (same_name(tag, "AzureLoadBalancer") || tag.starts_with("AzurePlatform"))
    return outside ? Match::no : platform(tag, address);
  const Match match = listed(topology, tag, address);
  if (match != Match::unknown) return match;
  return all_public(tag) ? all_of(lies_in_public(address), Match::unknown) : Match::unknown;
}

Match lies_in_any(const Topology& topology, const VirtualNetworkTag& virtual_network,
                  const std::vector<AddressPrefix>& entries, const AddressSpan& address) {
  std::vector<Cidr> prefixes;
  for (const AddressPrefix& entry : entries)
    if (entry.cidr) prefixes.push_back(*entry.cidr);
  Match match = lies_in(address, prefixes);
  for (const AddressPrefix& entry : entries) {
    if (match == Match::yes) break;
    if (!entry.cidr) match = any_of(match, lies_in_tag(topology, virtual_network, entry.tag, address));
  }
  return match;
}

Match holds_service(const Topology& topology, const VirtualNetworkTag& virtual_network,
                    const std::vector<AddressPrefix>& entries, const AzureService& service) {
  std::vector<AddressPrefix> others;
  Match match = Match::no;
  for (const AddressPrefix& entry : entries) {
    const std::optional<Match> named = entry.cidr ? std::nullopt : by_name(entry.tag, service);
    if (named)
      match = any_of(match, *named);
    else
      others.push_back(entry);
  }
  return any_of(match, lies_in_any(topology, virtual_network, others, span_of_service(topology, service)));
}

}  // namespace pgpassage::netcheck
