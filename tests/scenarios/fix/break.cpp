#include "tests/scenarios/fix/break.hpp"

#include <boost/json.hpp>
#include <functional>

namespace pgpassage::scenarios::fix {
namespace json = boost::json;
namespace {

class Breaker {
 public:
  Breaker(json::value& tree, std::mt19937& dice) : tree_{tree}, dice_{dice} {}

  std::string run() {
    using Way = std::string (Breaker::*)();
    static constexpr Way ways[] = {&Breaker::deny_in_group,
                                   &Breaker::deny_in_group,
                                   &Breaker::forget_rule,
                                   &Breaker::peering_state,
                                   &Breaker::peering_flag,
                                   &Breaker::peering_flag,
                                   &Breaker::forget_peering,
                                   &Breaker::forget_link,
                                   &Breaker::stale_record,
                                   &Breaker::forget_record,
                                   &Breaker::drop_route,
                                   &Breaker::forget_route,
                                   &Breaker::endpoint_state,
                                   &Breaker::connection,
                                   &Breaker::forget_connection,
                                   &Breaker::site_route,
                                   &Breaker::site_rule,
                                   &Breaker::site_denies,
                                   &Breaker::delegation,
                                   &Breaker::firewall_rule,
                                   &Breaker::network_rule,
                                   &Breaker::service_endpoint,
                                   &Breaker::forget_endpoint,
                                   &Breaker::runtime_server,
                                   &Breaker::appliance,
                                   &Breaker::detach_zone,
                                   &Breaker::custom_dns,
                                   &Breaker::forget_forwarder,
                                   &Breaker::forget_server_record,
                                   &Breaker::stale_server_record,
                                   &Breaker::propagation,
                                   &Breaker::site_prefix,
                                   &Breaker::forget_zone,
                                   &Breaker::public_access,
                                   &Breaker::network_acl,
                                   &Breaker::admin_rule,
                                   &Breaker::authorized_networks,
                                   &Breaker::learned_routes};
    return (this->*ways[dice_() % std::size(ways)])();
  }

 private:
  json::array* list(json::value* of, const char* key) {
    json::object* object = of == nullptr ? nullptr : of->if_object();
    json::value* value = object == nullptr ? nullptr : object->if_contains(key);
    json::array* found = value == nullptr ? nullptr : value->if_array();
    return found == nullptr || found->empty() ? nullptr : found;
  }
  json::value* any(json::array* from) { return from == nullptr ? nullptr : &(*from)[dice_() % from->size()]; }
  json::value* any(const char* key) { return any(list(&tree_, key)); }
  json::value* any(const char* key, const char* inner) { return any(list(any(key), inner)); }
  static std::string name(const json::value& value) {
    const json::object* object = value.if_object();
    const json::value* found = object == nullptr ? nullptr : object->if_contains("name");
    return found == nullptr ? json::serialize(value) : std::string{found->get_string()};
  }
  std::string erase_one(json::array* from, const char* what) {
    if (from == nullptr) return {};
    const auto at = from->begin() + static_cast<std::ptrdiff_t>(dice_() % from->size());
    const std::string text = std::string{"without "} + what + " " + name(*at);
    from->erase(at);
    return text;
  }
  std::string set(json::value* object, const char* key, json::value value) {
    if (object == nullptr) return {};
    const std::string text = name(*object) + "." + key + " = " + json::serialize(value);
    object->get_object()[key] = std::move(value);
    return text;
  }
  const char* one_of(std::initializer_list<const char*> words) {
    return *(words.begin() + static_cast<std::ptrdiff_t>(dice_() % words.size()));
  }

  std::string deny_in_group() {
    json::value* group = any("networkSecurityGroups");
    if (group == nullptr) return {};
    const char* direction = one_of({"Inbound", "Outbound"});
    const int priority = static_cast<int>(100 + dice_() % 300);
    if (list(group, "securityRules") == nullptr) group->get_object()["securityRules"].emplace_array();
    group->get_object()["securityRules"].get_array().push_back({{"name", "broken"},
                                                                {"priority", priority},
                                                                {"direction", direction},
                                                                {"access", "Deny"},
                                                                {"protocol", "*"},
                                                                {"sourceAddressPrefix", "*"},
                                                                {"sourcePortRange", "*"},
                                                                {"destinationAddressPrefix", "*"},
                                                                {"destinationPortRange", "*"}});
    return name(*group) + " denies " + direction;
  }
  std::string forget_rule() { return erase_one(list(any("networkSecurityGroups"), "securityRules"), "rule"); }
  std::string peering_state() {
    return set(any("virtualNetworks", "peerings"), "peeringState", one_of({"Initiated", "Disconnected"}));
  }
  std::string peering_flag() {
    return set(
        any("virtualNetworks", "peerings"),
        one_of({"allowVirtualNetworkAccess", "allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways"}),
        false);
  }
  std::string forget_peering() { return erase_one(list(any("virtualNetworks"), "peerings"), "peering"); }
  std::string forget_link() { return erase_one(list(any("privateDnsZones"), "virtualNetworkLinks"), "link"); }
  std::string stale_record() { return set(any("privateDnsZones", "aRecords"), "ipv4Addresses", {"10.99.99.99"}); }
  std::string forget_record() { return erase_one(list(any("privateDnsZones"), "aRecords"), "record"); }
  std::string drop_route() {
    json::value* subnet = any("virtualNetworks", "subnets");
    if (subnet == nullptr) return {};
    const json::value route{{"name", "broken"},
                            {"addressPrefix", one_of({"0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16", "10.30.0.0/16"})},
                            {"nextHopType", one_of({"None", "Internet"})}};
    json::object& object = tree_.get_object();
    if (object["routeTables"].is_null()) object["routeTables"].emplace_array();
    json::array& tables = object["routeTables"].get_array();
    if (const json::value* used = subnet->get_object().if_contains("routeTable");
        used != nullptr && used->is_string()) {
      for (json::value& table : tables)
        if (name(table) == used->get_string()) table.get_object()["routes"].get_array().push_back(route);
    } else {
      tables.push_back({{"name", "rt-broken"}, {"routes", json::array{route}}});
      subnet->get_object()["routeTable"] = "rt-broken";
    }
    return name(*subnet) + " routes " + json::serialize(route);
  }
  std::string forget_route() { return erase_one(list(any("routeTables"), "routes"), "route"); }
  std::string endpoint_state() {
    return set(any("privateEndpoints"), "connectionState", one_of({"Pending", "Rejected", "Disconnected"}));
  }
  std::string connection() {
    return set(any("virtualNetworkGateways", "connections"), "connectionStatus",
               one_of({"NotConnected", "Connecting"}));
  }
  std::string site_route() { return erase_one(list(any("sites"), "routes"), "site route"); }
  std::string site_rule() { return erase_one(list(any("sites"), "firewallRules"), "site rule"); }
  std::string site_denies() {
    json::value* site = any("sites");
    json::array* rules = list(site, "firewallRules");
    if (rules == nullptr) return {};
    rules->insert(rules->begin(), json::value{{"name", "broken"},
                                              {"direction", "Inbound"},
                                              {"access", "Deny"},
                                              {"protocol", "Tcp"},
                                              {"sourceAddressPrefix", "*"},
                                              {"destinationAddressPrefix", "*"},
                                              {"destinationPortRange", "5432"}});
    return name(*site) + " denies 5432";
  }
  std::string delegation() { return set(any("virtualNetworks", "subnets"), "delegations", json::array{}); }
  std::string firewall_rule() { return erase_one(list(any("servers"), "firewallRules"), "firewall rule"); }
  std::string network_rule() { return erase_one(list(any("servers"), "virtualNetworkRules"), "network rule"); }
  std::string service_endpoint() { return set(any("virtualNetworks", "subnets"), "serviceEndpoints", json::array{}); }
  std::string forget_endpoint() { return erase_one(list(&tree_, "privateEndpoints"), "endpoint"); }
  std::string runtime_server() {
    return tree_.at("migration").get_object().erase("runtimeServer") == 0 ? "" : "without runtimeServer";
  }
  std::string appliance() { return set(any("networkAppliances"), one_of({"enableIPForwarding", "forwards"}), false); }
  std::string forget_connection() {
    return erase_one(list(any("virtualNetworkGateways"), "connections"), "connection");
  }
  std::string forget_forwarder() { return erase_one(list(any("dnsServers"), "conditionalForwarders"), "forwarder"); }
  std::string forget_server_record() { return erase_one(list(any("dnsServers"), "records"), "record"); }
  std::string stale_server_record() { return set(any("dnsServers", "records"), "ipv4Addresses", {"10.99.99.99"}); }
  std::string propagation() { return set(any("routeTables"), "disableBgpRoutePropagation", true); }
  std::string site_prefix() { return set(any("sites"), "addressPrefixes", json::array{"192.168.77.0/24"}); }
  std::string forget_zone() { return erase_one(list(&tree_, "privateDnsZones"), "zone"); }
  std::string public_access() { return set(any("servers"), "publicNetworkAccess", "Disabled"); }
  /// Of a site of AWS: everything passes but one direction of PostgreSQL, or the answers.
  std::string network_acl() {
    json::value* site = any("sites");
    if (site == nullptr || site->at("kind").get_string() != "aws") return {};
    const bool egress = dice_() % 2 == 0;
    const bool named = dice_() % 2 == 0;  // else by the last rule, which denies what no entry names
    json::array entries{{{"ruleNumber", 200},
                         {"egress", !egress},
                         {"protocol", "-1"},
                         {"ruleAction", "allow"},
                         {"cidrBlock", "0.0.0.0/0"}}};
    if (named)
      entries.push_back({{"ruleNumber", 100},
                         {"egress", egress},
                         {"protocol", "-1"},
                         {"ruleAction", "deny"},
                         {"cidrBlock", "0.0.0.0/0"}});
    site->get_object()["networkAcls"] =
        json::array{{{"name", "acl-broken"}, {"isDefault", true}, {"entries", entries}}};
    return name(*site) + " has a network ACL that denies " + (egress ? "egress" : "ingress");
  }
  std::string admin_rule() {
    json::value* network = any("virtualNetworks");
    json::object& object = tree_.get_object();
    if (network == nullptr || object.contains("securityAdminConfigurations")) return {};
    const char* direction = one_of({"Inbound", "Outbound"});
    const int priority = static_cast<int>(1 + dice_() % 20);
    object["networkGroups"] =
        json::array{{{"name", "group-broken"}, {"staticMembers", json::array{network->at("name")}}}};
    object["securityAdminConfigurations"] = json::array{
        {{"name", "admin-broken"},
         {"ruleCollections", json::array{{{"name", "rules"},
                                          {"appliesToGroups", json::array{"group-broken"}},
                                          {"rules", json::array{{{"name", "deny"},
                                                                 {"priority", priority},
                                                                 {"direction", direction},
                                                                 {"access", "Deny"},
                                                                 {"protocol", "Tcp"},
                                                                 {"destinationPortRanges", json::array{"5432"}}}}}}}}}};
    return "admin rule denies " + std::string{direction} + " at " + name(*network);
  }
  std::string authorized_networks() {
    json::value* server = any("servers");
    if (server == nullptr || server->at("kind").get_string() != "googleCloudSql") return {};
    server->get_object().erase("firewallRules");
    return set(server, "authorizedNetworks", json::array{{{"value", "192.0.2.0/28"}}});
  }
  /// The connection announces nothing that matters.
  std::string learned_routes() {
    json::value* connection = any("virtualNetworkGateways", "connections");
    if (connection == nullptr) return {};
    set(connection, "enableBgp", true);
    return set(connection, "learnedRoutes", json::array{"192.168.254.0/24"});
  }
  std::string detach_zone() { return set(any("privateEndpoints"), "privateDnsZoneGroup", json::array{}); }
  /// A DNS server of the network's own that knows nothing.
  std::string custom_dns() {
    json::value* network = any("virtualNetworks");
    json::value* subnet = any(list(network, "subnets"));
    if (subnet == nullptr || !subnet->get_object().contains("addressPrefix")) return {};
    std::string address{subnet->at("addressPrefix").get_string()};
    address = address.substr(0, address.rfind('.')) + ".19";
    json::object& object = tree_.get_object();
    if (object["dnsServers"].is_null()) object["dnsServers"].emplace_array();
    object["dnsServers"].get_array().push_back({{"name", "dns-broken"},
                                                {"ipAddress", address},
                                                {"virtualNetwork", network->at("name")},
                                                {"subnet", subnet->at("name")}});
    return set(network, "dnsServers", {address});
  }

  json::value& tree_;
  std::mt19937& dice_;
};

}  // namespace

std::string break_something(json::value& tree, std::mt19937& dice) { return Breaker{tree, dice}.run(); }

}  // namespace pgpassage::scenarios::fix
