#include "migrate/engine/globals_queries.hpp"

#include <fmt/format.h>

namespace pgpassage::migrate::queries {
namespace {

constexpr int memberships_have_options = 160000;
constexpr const char* users_own = "r.oid >= 16384 AND r.rolname !~ '^(pg_|rds|azure|cloudsql|replication_role$)'";

// Settings that are lists of names are kept as they are to be written, every other one as a value.
std::string settings() {
  return fmt::format(R"(
SELECT quote_ident(r.rolname), format('ALTER ROLE %I SET %I TO ', r.rolname, v.name)
       || CASE WHEN lower(v.name) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                                      'session_preload_libraries') THEN v.value ELSE quote_literal(v.value) END,
       format('setting %I of role %I', v.name, r.rolname)
  FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) WITH ORDINALITY AS c(setting, place),
       LATERAL (SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value) v
 WHERE s.setdatabase = 0 AND {} ORDER BY 1, place)",
                     users_own);
}

std::string comments() {
  return fmt::format(R"(
SELECT quote_ident(r.rolname), format('COMMENT ON ROLE %I IS %L', r.rolname, d.description),
       format('the comment of role %I', r.rolname)
  FROM pg_catalog.pg_shdescription d JOIN pg_catalog.pg_roles r ON r.oid = d.objoid
 WHERE d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND {} ORDER BY 1)",
                     users_own);
}

// Of the member, which is ours; the role may be one of the server's own (pg_monitor).
std::string memberships(bool options) {
  const char* with =
      options ? "format(' WITH ADMIN %s, INHERIT %s, SET %s', m.admin_option, m.inherit_option, m.set_option)"
              : "CASE WHEN m.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END";
  return fmt::format(R"(
SELECT quote_ident(r.rolname), format('GRANT %I TO %I', g.rolname, r.rolname) || {},
       format('membership of role %I in %I', r.rolname, g.rolname)
  FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
  JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE {} ORDER BY 1, 3)",
                     with, users_own);
}

}  // namespace

std::string roles_to_make(bool passwords) {
  const char* password =
      passwords
          ? "CASE WHEN r.rolpassword IS NOT NULL THEN format('ALTER ROLE %I PASSWORD %L', r.rolname, r.rolpassword) END"
          : "NULL";
  return fmt::format(R"(
SELECT quote_ident(r.rolname),
       format('CREATE ROLE %I NOSUPERUSER', r.rolname) || CASE WHEN r.rolinherit THEN '' ELSE ' NOINHERIT' END
       || CASE WHEN r.rolcreaterole THEN ' CREATEROLE' ELSE '' END || CASE WHEN r.rolcreatedb THEN ' CREATEDB' ELSE '' END
       || CASE WHEN r.rolcanlogin THEN ' LOGIN' ELSE '' END
       || CASE WHEN r.rolconnlimit >= 0 THEN ' CONNECTION LIMIT ' || r.rolconnlimit ELSE '' END
       || coalesce(' VALID UNTIL ' || quote_literal(r.rolvaliduntil), ''),
       CASE WHEN r.rolreplication THEN ' REPLICATION' ELSE '' END
       || CASE WHEN r.rolbypassrls THEN ' BYPASSRLS' ELSE '' END,
       {}, r.rolcanlogin, r.rolsuper
  FROM pg_catalog.{} r WHERE {} ORDER BY 1)",
                     password, passwords ? "pg_authid" : "pg_roles", users_own);
}

std::vector<std::string> attributes_of_roles(int source_version, int target_version) {
  const bool options = source_version >= memberships_have_options && target_version >= memberships_have_options;
  return {settings(), comments(), memberships(options)};
}

}  // namespace pgpassage::migrate::queries
