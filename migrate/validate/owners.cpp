#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "migrate/catalog/read_catalog.hpp"
#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

/// Everything of one role, of whatever schema.
std::map<std::string, Ownership> by_owner(const std::vector<Ownership>& owned) {
  std::map<std::string, Ownership> result;
  for (const Ownership& one : owned) {
    Ownership& all = result.try_emplace(one.owner, Ownership{.owner = one.owner}).first->second;
    all.objects += one.objects;
    if (all.first.empty() || (one.compared && !all.compared)) all.first = one.first;
    all.compared = all.compared || one.compared;
  }
  return result;
}

std::string in_words(const Ownership& owned) {
  const std::string more = owned.objects > 1 ? fmt::format(" and {} more", owned.objects - 1) : "";
  return fmt::format("{} ({}{})", owned.owner, owned.first, more);
}

}  // namespace

/// A role that the target lacks is DB005's; what it owns stays the login's.
awaitable<Result<void>> check_owners(ValidationWork& work, Session& source, std::string name) {
  const auto owned = co_await read_owners(source);
  if (!owned) co_return tl::unexpected(owned.error());
  Names offenders, roles;
  bool compared = false;
  for (const auto& [owner, all] : by_owner(*owned)) {
    if (contains(work.possible_owners, owner) || !contains(work.target_roles, owner)) continue;
    offenders.push_back(in_words(all));
    roles.push_back(quote_identifier(owner));
    compared = compared || all.compared;
  }
  // The comparison at the end would find other owners; the database's own and those of rarer objects are only said.
  add(work, "DB030", name, name, offenders, "The target's user may not give objects to their owners",
      compared ? std::nullopt : std::optional{ItemState::warning});
  if (!offenders.empty())
    work.items.back().cure =
        fmt::format("on the target: GRANT {} TO {}; or give the objects to another owner on the source",
                    fmt::join(roles, ", "), quote_identifier(work.login));
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
