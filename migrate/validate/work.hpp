#pragma once

#include <optional>
#include <string>
#include <vector>

#include "migrate/validate/validate.hpp"

/// Inside of validate: both servers, and the items found so far.
namespace pgpassage::migrate {

using Names = std::vector<std::string>;

/// Both servers as their maintenance databases show them.
struct ValidationWork {
  ValidationRequest request;
  Session source, target;
  bool superuser = false;  ///< the target's login
  std::string login;       ///< the target's
  Names possible_owners;   ///< the target's roles to which its login may give objects
  Names target_roles, target_databases, target_extensions, target_languages, target_collations, preloaded;
  Names target_extension_versions;          ///< "name version"
  std::optional<Names> allowed_extensions;  ///< azure.extensions, lower case; absent where there is no such setting
  std::int64_t tables = 0, objects = 0;     ///< of the largest database so far
  std::int64_t bytes = 0;                   ///< of all so far
  std::vector<ValidationRecord> items;
};

/// Adds the item of rule `id`: succeeded when nobody offends, else `problem` with the offenders as evidence.
void add(ValidationWork& work, std::string_view id, const std::string& database, std::string subject,
         const Names& offenders, std::string problem, std::optional<ItemState> severity = {});

bool contains(const Names& names, std::string_view name);
Names missing(const Names& wanted, const Names& there);
Names flag(bool bad, std::string what);                                           ///< `what` when bad, else nobody
boost::asio::awaitable<Result<Names>> column(Session& session, std::string sql);  ///< first column of every row

/// The parts of the validation. Errors: a session that breaks.
boost::asio::awaitable<Result<void>> check_servers(ValidationWork& work);
boost::asio::awaitable<Result<void>> check_capacity(ValidationWork& work);
boost::asio::awaitable<Result<void>> check_lists(ValidationWork& work, Session& source, std::string database);
boost::asio::awaitable<Result<void>> check_extensions(ValidationWork& work, Session& source, std::string database);
boost::asio::awaitable<Result<void>> check_collation_versions(ValidationWork& work, Session& source,
                                                              std::string database);
boost::asio::awaitable<Result<void>> check_source_state(ValidationWork& work);
boost::asio::awaitable<Result<void>> check_owners(ValidationWork& work, Session& source, std::string database);

}  // namespace pgpassage::migrate
