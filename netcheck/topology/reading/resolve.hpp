#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "netcheck/topology/reading/reading.hpp"
#include "netcheck/topology/topology.hpp"

/// What objects are to each other, once all are read: references, unique names, and what Azure could never hold.
namespace pgpassage::reading {

/// The whole text as a tree. Called when a place is asked for, which an error or a note does.
using Whole = std::function<const document::Document&()>;

/// Finds the values of an object again by the object's place.
class Places {
 public:
  explicit Places(Whole whole) : whole_{std::move(whole)} {}
  /// Where the value of `key` stands, or element `index` of it; the object's own place when there is none.
  Location of(Location object, std::string_view key, std::size_t index = no_index);
  static constexpr std::size_t no_index = static_cast<std::size_t>(-1);

 private:
  Whole whole_;
  const document::Document* document_ = nullptr;
  std::unordered_map<std::uint64_t, const Node*> mappings_;
  const Node* last_list_ = nullptr;  // a list is mostly asked for one element after the other
  const Node* last_element_ = nullptr;
  std::size_t last_index_ = 0;
};

/// The names of one kind of object. Azure does not tell upper from lower case in names, so neither does the file:
/// a reference gets the spelling of the object.
class Names {
 public:
  /// False when the name is taken.
  bool add(std::string_view name);
  const std::string* find(std::string_view name) const;  ///< as declared; null when there is none
  std::string likely(std::string_view wrong) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::unordered_map<std::string, std::string> names_;  // lower case, as declared
};

/// An object that refers to others, for messages.
struct Owner {
  std::string_view noun;
  std::string_view name;
  Location location;
};
template <class T>
Owner owner(std::string_view noun, const T& object) {
  return {noun, object.name, object.location};
}

/// What the passes below share.
struct Resolving {
  Reading& reading;
  Topology& topology;
  Places places;
  Names virtual_networks, security_groups, route_tables, sites, zones, servers, network_groups, outbound_endpoints;
  std::unordered_map<std::string, Names> subnets;  // by the network's declared name

  void complain(const Owner& owner, std::string_view key, std::string message, std::string suggestion = {});
  /// Gives a reference the spelling of the object that it names; complains when there is none. Empty is none.
  void refer(const Names& names, std::string_view noun, std::string& reference, const Owner& owner,
             std::string_view key, std::size_t index = Places::no_index);
  /// A network, and a subnet of it.
  void refer_subnet(std::string& network, std::string& subnet, const Owner& owner);
};

void resolve_names(Resolving& resolving);       ///< unique names, and the indexes above
void resolve_references(Resolving& resolving);  ///< every reference names an object
void check_networks(Resolving& resolving);      ///< prefixes, peerings, gateways, routes, rules
void check_addresses(Resolving& resolving);     ///< addresses lie in their subnets
void check_dns(Resolving& resolving);           ///< links and records
void resolve_rules(Resolving& resolving);       ///< service tags, application security groups, order by priority

/// The topology after all of these, or every error of the reading. `root` has the keys of the text; one of them must be
/// the migration when the command `migration_for` is not empty.
tl::expected<Topology, std::vector<Diagnostic>> resolved(Reading& reading, Topology topology, const Node& root,
                                                         std::string_view migration_for, Whole whole);

}  // namespace pgpassage::reading
