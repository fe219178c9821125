#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "netcheck/topology/reading/forms.hpp"
#include "netcheck/topology/reading/suggest.hpp"
#include "netcheck/topology/reading/tags.hpp"

namespace pgpassage::reading {
namespace {

// Microsoft Learn, "Virtual network service tags", section "Available service tags".
constexpr std::array known_tags = {"ActionGroup",
                                   "ApiManagement",
                                   "AppConfiguration",
                                   "ApplicationInsightsAvailability",
                                   "AppService",
                                   "AppServiceManagement",
                                   "AutonomousDevelopmentPlatform",
                                   "AzureActiveDirectory",
                                   "AzureActiveDirectoryDomainServices",
                                   "AzureAdvancedThreatProtection",
                                   "AzureArcInfrastructure",
                                   "AzureAttestation",
                                   "AzureBackup",
                                   "AzureBotService",
                                   "AzureCloud",
                                   "AzureCognitiveSearch",
                                   "AzureConnectors",
                                   "AzureContainerAppsService",
                                   "AzureContainerRegistry",
                                   "AzureCosmosDB",
                                   "AzureDatabricks",
                                   "AzureDataExplorerManagement",
                                   "AzureDeviceUpdate",
                                   "AzureDevOps",
                                   "AzureDigitalTwins",
                                   "AzureEventGrid",
                                   "AzureFrontDoor",
                                   "AzureHealthcareAPIs",
                                   "AzureInformationProtection",
                                   "AzureIoTHub",
                                   "AzureKeyVault",
                                   "AzureLoadBalancer",
                                   "AzureMachineLearning",
                                   "AzureMachineLearningInference",
                                   "AzureManagedGrafana",
                                   "AzureMonitor",
                                   "AzureOpenDatasets",
                                   "AzurePlatformDNS",
                                   "AzurePlatformIMDS",
                                   "AzurePlatformLKM",
                                   "AzureResourceManager",
                                   "AzureSentinel",
                                   "AzureSignalR",
                                   "AzureSiteRecovery",
                                   "AzureSphere",
                                   "AzureSpringCloud",
                                   "AzureStack",
                                   "AzureTrafficManager",
                                   "AzureUpdateDelivery",
                                   "AzureWebPubSub",
                                   "BatchNodeManagement",
                                   "ChaosStudio",
                                   "CognitiveServicesFrontend",
                                   "CognitiveServicesManagement",
                                   "DataFactory",
                                   "DataFactoryManagement",
                                   "Dynamics365BusinessCentral",
                                   "Dynamics365ForMarketingEmail",
                                   "EOPExternalPublishedIPs",
                                   "EventHub",
                                   "GatewayManager",
                                   "GuestAndHybridManagement",
                                   "HDInsight",
                                   "Internet",
                                   "KustoAnalytics",
                                   "LogicApps",
                                   "LogicAppsManagement",
                                   "Marketplace",
                                   "MicrosoftAzureFluidRelay",
                                   "MicrosoftCloudAppSecurity",
                                   "MicrosoftContainerRegistry",
                                   "MicrosoftDefenderForEndpoint",
                                   "OneDsCollector",
                                   "PowerBI",
                                   "PowerPlatformInfra",
                                   "PowerPlatformPlex",
                                   "PowerQueryOnline",
                                   "Scuba",
                                   "SecurityCenter",
                                   "SerialConsole",
                                   "ServiceBus",
                                   "ServiceFabric",
                                   "Sql",
                                   "SqlManagement",
                                   "Storage",
                                   "StorageMover",
                                   "StorageSyncService",
                                   "VideoIndexer",
                                   "VirtualDesktop",
                                   "VirtualNetwork",
                                   "WindowsAdminCenter",
                                   "WindowsVirtualDesktop"};

bool tag_syntax(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

std::string_view known_tag(std::string_view text) {
  const std::string_view base = text.substr(0, text.find('.'));
  for (const std::string_view tag : known_tags)
    if (equal_ignoring_case(base, tag)) return tag;
  return {};
}

std::string likely_tag(std::string_view text) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  Suggestion likely{text.substr(0, dot)};
  for (const std::string_view tag : known_tags) likely.consider(tag);
  return likely.best().empty() ? std::string{} : fmt::format("{}{}", likely.best(), text.substr(dot));
}

bool PrefixOrTag::read(Reading& reading, const Node& node, AddressPrefix& value) {
  const std::string_view text = node.text();
  if (text == "*") return value.tag.assign(1, '*'), true;
  const bool digit_first = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if (node.scalar() && !digit_first && tag_syntax(text) && text.find(':') == text.npos) {
    value.tag = text;  // resolve() knows whether there is such a tag
    return true;
  }
  Cidr::ParseError why{};
  if (node.scalar()) value.cidr = Cidr::parse(text, &why);
  if (value.cidr) return true;
  Cidr unused;
  if (why == Cidr::ParseError::host_bits) return Prefix::read(reading, node, unused);  // it says so
  reading.complain(node,
                   fmt::format("expected a prefix, an address, a service tag or \"*\", found {}", described(node)));
  return false;
}

}  // namespace pgpassage::reading
