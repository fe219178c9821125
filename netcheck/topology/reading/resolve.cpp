#include "netcheck/topology/reading/resolve.hpp"

#include <fmt/format.h>

#include "netcheck/topology/reading/suggest.hpp"

namespace pgpassage::reading {
namespace {

std::uint64_t key_of(Location at) {
  return std::uint64_t{static_cast<std::uint32_t>(at.line)} << 32 | static_cast<std::uint32_t>(at.column);
}

}  // namespace

Location Places::of(Location object, std::string_view key, std::size_t index) {
  if (document_ == nullptr) {
    document_ = &whole_();
    const Node& root = document_->root();
    for (const Node *node = &root, *const end = root.end(); node != end; ++node)
      if (node->kind == Kind::mapping) mappings_.emplace(key_of(document_->location_of(*node)), node);
  }
  const auto mapping = mappings_.find(key_of(object));
  const Node* value = mapping == mappings_.end() ? nullptr : document::value_of(*mapping->second, key);
  if (value == nullptr) return object;
  if (index == no_index || value->kind != Kind::sequence) return document_->location_of(*value);
  if (value != last_list_ || index < last_index_) {
    last_list_ = value;
    last_index_ = 0;
    last_element_ = value->begin();
  }
  for (; last_index_ < index && last_element_ != value->end(); ++last_index_) last_element_ = last_element_->after();
  return document_->location_of(last_element_ == value->end() ? *value : *last_element_);
}

bool Names::add(std::string_view name) { return names_.emplace(lower(name), name).second; }

const std::string* Names::find(std::string_view name) const {
  const auto found = names_.find(lower(name));
  return found == names_.end() ? nullptr : &found->second;
}

std::string Names::likely(std::string_view wrong) const {
  Suggestion suggestion{wrong};
  for (const auto& [key, name] : names_) suggestion.consider(name);
  return std::string{suggestion.best()};
}

void Resolving::complain(const Owner& owner, std::string_view key, std::string message, std::string suggestion) {
  if (reading.full()) return;
  reading.complain(places.of(owner.location, key), std::move(message), std::move(suggestion));
}

void Resolving::refer(const Names& names, std::string_view noun, std::string& reference, const Owner& owner,
                      std::string_view key, std::size_t index) {
  if (reference.empty() || reading.full()) return;
  if (const std::string* declared = names.find(reference)) {
    reference = *declared;
    return;
  }
  std::string likely = reading.may_suggest(names.size()) ? names.likely(reference) : std::string{};
  reading.complain(places.of(owner.location, key, index),
                   fmt::format("unknown {} {} in {} {}", noun, quoted(reference), owner.noun, quoted(owner.name)),
                   std::move(likely));
}

void Resolving::refer_subnet(std::string& network, std::string& subnet, const Owner& owner) {
  refer(virtual_networks, "virtual network", network, owner, "virtualNetwork");
  if (subnet.empty()) return;
  if (network.empty()) {
    if (!reading.broken(owner.location, {"virtualNetwork"}))
      complain(owner, "subnet",
               fmt::format("'subnet' without 'virtualNetwork' in {} {}", owner.noun, quoted(owner.name)),
               "name the virtual network too");
    return;
  }
  if (const auto known = subnets.find(network); known != subnets.end())
    refer(known->second, "subnet", subnet, owner, "subnet");
}

namespace {

void check_migration(Reading& reading, const Node& root, std::string_view migration_for) {
  const Node* migration = document::value_of(root, "migration");
  if (migration_for.empty() || (migration != nullptr && migration->kind != Kind::null)) return;
  reading.complain(Location{1, 1}, fmt::format("the file has no 'migration', which {} needs", migration_for),
                   "add migration: with name, source and target");
}

}  // namespace

tl::expected<Topology, std::vector<Diagnostic>> resolved(Reading& reading, Topology topology, const Node& root,
                                                         std::string_view migration_for, Whole whole) {
  if (root.kind == Kind::mapping) {
    Resolving all{reading, topology, Places{std::move(whole)}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    for (const auto pass :
         {resolve_names, resolve_references, check_networks, check_addresses, check_dns, resolve_rules})
      if (!reading.full()) pass(all);
    check_migration(reading, root, migration_for);
  }
  auto errors = reading.take_diagnostics();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  topology.notes = std::move(reading.notes);
  return topology;
}

}  // namespace pgpassage::reading
