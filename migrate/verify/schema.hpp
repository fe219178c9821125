#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/pg/session.hpp"

/// A database's schema as lines that two servers can be compared by.
namespace pgpassage::migrate {

/// By kind and identity ("index", "public.i"): the definition, written alike on every version where versions agree.
using SchemaLines = std::map<std::pair<std::string, std::string>, std::string>;

/// What may be read by anybody. Objects of extensions and of the system are left out.
boost::asio::awaitable<Result<SchemaLines>> schema_lines(Session& session);

/// SQL text in which every name that needs no quotes has none: `a."json"` is `a.json` before 17, where json became a
/// keyword. What stands between single quotes stays as it is. Pure.
std::string sparingly_quoted(std::string_view sql);

struct SchemaDifference {
  std::vector<std::string> differences;
  std::vector<std::string> notes;
};

/// Pure. Owners and grants that name a role which `target_roles` does not hold are notes: pgpassage makes no roles.
/// Where owners differ, what was granted to one of them is not said as well.
/// Between major versions, view and rule texts that differ only in white space, parentheses and column qualifiers are
/// the same; other definitions are compared as they are.
SchemaDifference compare_schemas(const SchemaLines& source, int source_version, const SchemaLines& target,
                                 int target_version, const std::vector<std::string>& target_roles);

}  // namespace pgpassage::migrate
