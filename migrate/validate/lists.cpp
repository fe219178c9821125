#include <fmt/format.h>

#include <string_view>

#include "migrate/validate/rules.hpp"
#include "migrate/validate/work.hpp"

namespace pgpassage::migrate {

using boost::asio::awaitable;

namespace {

constexpr const char* user_schema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// A rule that is one query for offenders in a database of the source.
struct ListRule {
  const char* id;
  const char* catalog;  ///< that x is of: the same number may be another catalog's object too
  const char* sql;      ///< {} is the condition for user schemas
  const char* problem;
  bool superuser_helps = false;
  int before = 1000000;  ///< source version up to which it makes sense
};

// What belongs to an extension comes with it; what a type was made with (a range's cast to its multirange), with that.
constexpr const char* made_by_itself =
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{}'::regclass AND d.objid = x.oid AND d.objsubid = 0"
    " AND d.deptype IN ('e', 'i'))";

// Rows are read of every table but an extension's own; of those, the ones that it calls configuration. A sequence that
// belongs to an identity column is read too.
constexpr const char* read_by_the_copy =
    " AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid WHERE d.classid = "
    "'{}'::regclass AND d.objid = x.oid AND d.objsubid = 0 AND d.refclassid = 'pg_extension'::regclass AND d.deptype = "
    "'e' AND NOT x.oid = ANY (coalesce(e.extconfig, '{{}}')))";

std::string only_own(const ListRule& rule) {
  const bool reading = std::string_view{rule.id} == "DB004";
  return fmt::format(fmt::runtime(reading ? read_by_the_copy : made_by_itself), rule.catalog);
}

constexpr ListRule list_rules[] = {
    {"DB004", "pg_class",
     "SELECT x.oid::regclass::text || CASE WHEN row_security_active(x.oid) THEN ' (row security)' ELSE '' END"
     " FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind IN ('r', 'p', 'S', 'm') AND {} AND"
     " (row_security_active(x.oid) OR"
     " NOT (has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN x.relkind = 'S' THEN has_sequence_privilege(x.oid, "
     "'SELECT') ELSE has_table_privilege(x.oid, 'SELECT') END))",
     "The source's user may not read everything"},
    {"DB011", "pg_collation",
     "SELECT quote_ident(n.nspname) || '.' || quote_ident(x.collname) FROM pg_collation x JOIN pg_namespace n ON n.oid "
     "= x.collnamespace WHERE {}",
     "The service does not move user-defined collations", true},
    {"DB012", "pg_class",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind IN "
     "('r', 'p') AND x.relhasoids AND {}",
     "Tables WITH OIDS do not exist from 12 on", false, 120000},
    {"DB013", "pg_cast",
     "SELECT x.castsource::regtype || ' as ' || x.casttarget::regtype FROM pg_cast x WHERE x.oid >= 16384",
     "The service does not move user-defined casts", true},
    {"DB015", "pg_type",
     "SELECT x.oid::regtype::text FROM pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace WHERE x.typtype = 'b' "
     "AND x.typelem = 0 AND {}",
     "Only a superuser creates base types", true},
    {"DB016", "pg_proc",
     "SELECT x.oid::regprocedure::text FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace WHERE x.prolang IN "
     "(12, 13) AND NOT EXISTS (SELECT FROM pg_aggregate a WHERE a.aggfnoid = x.oid) AND {}",
     "Only a superuser creates C and internal functions", true},
    {"DB017", "pg_event_trigger", "SELECT x.evtname::text FROM pg_event_trigger x WHERE true",
     "Event triggers need a privileged role on the target"},
    {"DB018", "pg_class",
     "SELECT x.relname || ' to ' || coalesce(r.rolname, 'public') FROM pg_class x CROSS JOIN aclexplode(x.relacl) a "
     "LEFT JOIN pg_roles r ON r.oid = a.grantee"
     " WHERE x.relnamespace = 'pg_catalog'::regnamespace AND a.grantee <> x.relowner AND x.relname IN ('pg_authid', "
     "'pg_largeobject', 'pg_statistic', 'pg_subscription', 'pg_user_mapping', 'pg_config',"
     " 'pg_file_settings', 'pg_hba_file_rules', 'pg_replication_origin_status', 'pg_shadow', 'pg_pltemplate') AND "
     "r.rolname IS NOT NULL AND r.rolname NOT LIKE 'pg\\_%' AND r.rolname <> 'azure_superuser'",
     "Rights on restricted catalogs cannot be restored", true},
    {"DB019", "pg_database",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.reltablespace "
     "<> 0 AND {} UNION ALL SELECT 'database' FROM pg_database x WHERE x.datname = current_database() AND "
     "x.dattablespace <> 1663",
     "Tablespaces of its own do not exist on Azure"},
    {"DB020", "pg_ts_parser",
     "SELECT x.prsname::text FROM pg_ts_parser x JOIN pg_namespace n ON n.oid = x.prsnamespace WHERE {}",
     "The service does not move text search parsers", true},
    {"DB022", "pg_largeobject",
     "SELECT x.oid::text FROM pg_largeobject_metadata x WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = "
     "current_user) AND current_setting('lo_compat_privileges') = 'off' AND NOT pg_has_role(x.lomowner, 'USAGE')"
     " AND NOT EXISTS (SELECT FROM aclexplode(x.lomacl) a WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR "
     "pg_has_role(a.grantee, 'USAGE')))",
     "The source's user may not read some large objects"},
    {"DB023", "pg_class",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind = 'r' "
     "AND {} AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = x.oid AND i.indisprimary)",
     "Tables have no primary key: an offline migration needs none"},
    {"DB028", "pg_proc",
     "SELECT x.oid::regprocedure || ' in ' || l.lanname FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace "
     "JOIN pg_language l ON l.oid = x.prolang WHERE NOT l.lanpltrusted AND l.oid NOT IN (12, 13) AND {}",
     "Functions in untrusted languages need a superuser", true},
    {"DB029", "pg_class",
     "SELECT x.oid::regclass::text FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind = 'f' "
     "AND {}",
     "Foreign tables come without rows"},
};

}  // namespace

awaitable<Result<void>> check_lists(ValidationWork& work, Session& source, std::string name) {
  for (const ListRule& rule : list_rules) {
    if (source.server_version() >= rule.before || (rule.before == 120000 && work.target.server_version() < 120000))
      continue;
    std::string sql = rule.sql;
    if (const auto at = sql.find("{}"); at != sql.npos) sql.replace(at, 2, user_schema);
    const auto offenders = co_await column(source, sql + only_own(rule) + " ORDER BY 1");
    if (!offenders) co_return tl::unexpected(offenders.error());
    add(work, rule.id, name, name, *offenders, rule.problem,
        rule.superuser_helps && work.superuser ? std::optional{ItemState::warning} : std::nullopt);
  }
  co_return Result<void>{};
}

}  // namespace pgpassage::migrate
