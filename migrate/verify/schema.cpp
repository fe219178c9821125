#include "migrate/verify/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "migrate/verify/schema_queries.hpp"
#include "migrate/verify/shape.hpp"

namespace pgpassage::migrate {

namespace asio = boost::asio;

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// A locale's spelling where systems and versions of ICU differ: en_US.UTF-8 is en_US.utf8, en-US is en_US.
std::string spelled_alike(const std::string& column) { return fmt::format("lower(translate({}, '-_', ''))", column); }

/// What decides an order: provider, locale, rules. `prefix` is that of pg_collation's or pg_database's columns.
std::string collation_columns(std::string_view prefix, int version) {
  const bool of_database = prefix == "dat";
  const int providers_since = of_database ? 150000 : 100000;
  const auto column = [&](std::string_view name) { return fmt::format("c.{}{}", prefix, name); };
  const std::string provider = version < providers_since ? "'c'"
                               : of_database             ? "c.datlocprovider::text"
                                                         : "c.collprovider::text";
  std::string columns =
      fmt::format("{}, {}, {}", provider, spelled_alike(column("collate")), spelled_alike(column("ctype")));
  if (version >= 150000)
    columns = fmt::format("{0}, CASE WHEN {0} = 'c' THEN concat_ws(' ', {1}, {2}) ELSE {3} END", provider,
                          spelled_alike(column("collate")), spelled_alike(column("ctype")),
                          spelled_alike(column(version >= 170000 ? "locale" : "iculocale")));
  else if (!of_database && version >= 100000)  // ICU's locale stands in both
    columns = fmt::format("{0}, {1}, CASE WHEN {0} = 'c' THEN {2} END", provider, spelled_alike(column("collate")),
                          spelled_alike(column("ctype")));
  if (version >= 160000) columns += fmt::format(", 'rules ' || {}", column("icurules"));
  if (!of_database && version >= 120000) columns += ", CASE WHEN NOT c.collisdeterministic THEN 'nondeterministic' END";
  return columns;
}

/// `%own CATALOG x%`, `%made of CATALOG%` and `%user n%` of schema_queries.cpp, and what is written differently before
/// some version.
std::string expanded(std::string sql, int version) {
  replace_all(sql, "%user n%", "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'");
  constexpr std::string_view own = "%own ";
  for (std::size_t at = 0; (at = sql.find(own, at)) != std::string::npos;) {
    const auto end = sql.find('%', at + own.size());
    const std::string inside = sql.substr(at + own.size(), end - at - own.size());
    const auto space = inside.find(' ');
    sql.replace(
        at, end - at + 1,
        fmt::format("NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '{}'::regclass AND x.objid = {}.oid AND "
                    "x.deptype = 'e')",
                    inside.substr(0, space), inside.substr(space + 1)));
  }
  // From 17 on a partition has its parent's identity; before, its column had none.
  std::string identity =
      version >= 100000
          ? "CASE WHEN a.attidentity <> '' AND NOT c.relispartition THEN 'identity ' || a.attidentity::text END"
          : "NULL";
  if (version >= 120000) identity += ", CASE WHEN a.attgenerated <> '' THEN 'generated ' || a.attgenerated::text END";
  replace_all(sql, "%identity%", identity);
  replace_all(sql, "%body%", version >= 140000 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc");
  // Constructors and casts of a range type are made by the system and differ by version (multiranges since 14).
  for (const auto& [catalog, alias] : {std::pair{"pg_proc", "p"}, std::pair{"pg_cast", "c"}})
    replace_all(sql, fmt::format("%made of {}%", catalog),
                fmt::format(" AND NOT EXISTS (SELECT FROM pg_depend y WHERE y.classid = '{}'::regclass AND y.objid = "
                            "{}.oid AND y.deptype = 'i')",
                            catalog, alias));
  replace_all(sql, "%compression%",
              version >= 140000 ? "CASE WHEN a.attcompression <> '' THEN 'compression ' || a.attcompression::text END"
                                : "NULL");
  replace_all(sql, "%collation%", collation_columns("coll", version));
  replace_all(sql, "%locale%", collation_columns("dat", version));
  replace_all(sql, "%by name%", inherits_columns(version));
  // A partition's share of a foreign key is made with the whole of it, under a name that the server thinks out.
  replace_all(sql, "%part of a key%", version >= 110000 ? " AND (k.conparentid = 0 OR k.contype <> 'f')" : "");
  // A row trigger's copies on partitions: internal before 13, absent before 11.
  replace_all(sql, "%clone%", version >= 130000 ? " AND t.tgparentid = 0" : "");
  return sql;
}

/// A view's text without what versions write differently.
std::string bare(std::string_view text) {
  std::string result;
  std::size_t word = 0;  // where the last word of `result` begins
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) || c == '(' || c == ')') {
      word = result.size();
    } else if (c == '.') {
      result.resize(word);
    } else {
      result += c;
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '"') word = result.size();
    }
  }
  return result;
}

// Where the quoted thing that begins at `at` ends, its last quote included.
std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] != quote) continue;
    if (at + 1 == sql.size() || sql[at + 1] != quote) return at + 1;
    ++at;
  }
  return sql.size();
}

bool needs_no_quotes(std::string_view name) {
  const auto plain = [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), plain);
}

bool same_definition(const std::string& kind, const std::string& source, const std::string& target, bool same_major) {
  if (source == target) return true;
  if (!same_major && sparingly_quoted(source) == sparingly_quoted(target)) return true;
  return !same_major && (kind == "view" || kind == "rule") && bare(source) == bare(target);
}

/// An owner's own rights are no lines: where the owners differ, a grant to one of them is a line on one side only.
class Followers {
 public:
  Followers(const SchemaLines& source, const SchemaLines& target) : source_{source}, target_{target} {}

  bool from_the_owner(const std::string& grant) const {
    const auto to = grant.rfind(" to ");
    const std::string object = grant.substr(0, to), role = grant.substr(to + 4);
    const auto here = source_.find({"owner", object}), there = target_.find({"owner", object});
    if (here == source_.end() || there == target_.end() || here->second == there->second) return false;
    return role == here->second || role == there->second;
  }

 private:
  const SchemaLines& source_;
  const SchemaLines& target_;
};

std::string shortened(const std::string& text) { return text.size() <= 160 ? text : text.substr(0, 157) + "..."; }

}  // namespace

std::string sparingly_quoted(std::string_view sql) {
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    const bool quoted = sql[at] == '"' || sql[at] == '\'';
    const std::size_t end = quoted ? end_of_quoted(sql, at) : at + 1;
    std::string_view token = sql.substr(at, end - at);
    if (token.size() > 2 && token.front() == '"' && needs_no_quotes(token.substr(1, token.size() - 2)))
      token = token.substr(1, token.size() - 2);
    result += token;
    at = end;
  }
  return result;
}

asio::awaitable<Result<SchemaLines>> schema_lines(Session& session) {
  SchemaLines lines;
  for (const SchemaQuery& query : schema_queries()) {
    if (session.server_version() < query.since || session.server_version() >= query.before) continue;
    const auto rows = co_await session.query(expanded(query.sql, session.server_version()));
    if (!rows)
      co_return tl::unexpected(
          Error{rows.error().code,
                fmt::format("reading the {} list of the catalog: {}", query.kind, rows.error().message),
                rows.error().sqlstate,
                {}});
    for (int row = 0; row < rows->size(); ++row)
      lines[{query.kind, sparingly_quoted(rows->text(row, 0))}] = rows->text(row, 1);
  }
  co_return lines;
}

SchemaDifference compare_schemas(const SchemaLines& source, int source_version, const SchemaLines& target,
                                 int target_version, const std::vector<std::string>& target_roles) {
  SchemaDifference result;
  const bool same_major = source_version / 10000 == target_version / 10000 &&
                          (source_version >= 100000 || source_version / 100 == target_version / 100);
  const auto has_role = [&](std::string_view role) {
    return role == "public" || std::find(target_roles.begin(), target_roles.end(), role) != target_roles.end();
  };
  const auto named_role = [](const std::pair<std::string, std::string>& key, const std::string& definition) {
    if (key.first == "owner") return definition;
    if (key.first == "setting") return key.second.front() == '(' ? std::string{"public"} : key.second;
    return key.second.substr(key.second.rfind(" to ") + 4);
  };
  const auto about_roles = [](const std::string& kind) {
    return kind == "owner" || kind == "grant" || kind == "setting" || kind == "user mapping";
  };

  const Followers follow{source, target};
  for (const auto& [key, definition] : source) {
    const auto& [kind, identity] = key;
    const auto found = target.find(key);
    if (kind == "grant" && follow.from_the_owner(identity)) continue;
    if (about_roles(kind) && !has_role(named_role(key, definition))) {
      result.notes.push_back(
          fmt::format("{} of {}: role {} is not on the target", kind, identity, named_role(key, definition)));
    } else if (found == target.end()) {
      // Sequences before 10 keep their definition in themselves, publications do not exist there: nothing to compare.
      result.differences.push_back(fmt::format("{} {} is missing on the target", kind, identity));
    } else if (kind == "setting" && definition != found->second) {
      // Unlike every other definition, what a setting is given may be a secret of an application.
      result.differences.push_back(fmt::format("setting {}: the values differ (pg_db_role_setting)", identity));
    } else if (!same_definition(kind, definition, found->second, same_major)) {
      result.differences.push_back(
          fmt::format("{} {}: source {} | target {}", kind, identity, shortened(definition), shortened(found->second)));
    }
  }
  for (const auto& [key, definition] : target) {
    const auto& [kind, identity] = key;
    if (source.contains(key) || (kind == "grant" && follow.from_the_owner(identity))) continue;
    const bool new_kind =
        source_version < 100000 && (kind == "sequence" || kind == "statistics" || kind == "partition");
    if (kind == "extension" || new_kind) {
      result.notes.push_back(fmt::format("{} {} exists on the target only", kind, identity));
    } else {
      result.differences.push_back(fmt::format("{} {} exists on the target only", kind, identity));
    }
  }
  return result;
}

}  // namespace pgpassage::migrate
