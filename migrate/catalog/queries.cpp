#include "migrate/catalog/queries.hpp"

#include <fmt/format.h>

namespace pgpassage::migrate::queries {
namespace {

constexpr auto user_schemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

// Members of extensions come with CREATE EXTENSION; their configuration tables and sequences are listed by the
// extension.
constexpr auto configuration = R"(
SELECT e.extconfig[i] AS relation, e.extcondition[i] AS condition
  FROM (SELECT extconfig, extcondition, generate_subscripts(extconfig, 1) AS i FROM pg_catalog.pg_extension) e)";

constexpr auto not_of_extension = R"(NOT EXISTS (
  SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
     AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'))";

// Send functions whose bytes mean the same on every server. An enum sends its label, a domain what its base type sends.
// Left out: what embeds oids of types or objects (array_send of user types, record_send, reg*), aclitem (no send
// function), xml (its declaration depends on the encoding), and types of extensions, whose versions may differ.
constexpr auto safe_functions = R"('boolsend', 'byteasend', 'charsend', 'namesend', 'int2send', 'int4send', 'int8send',
  'float4send', 'float8send', 'numeric_send', 'textsend', 'varcharsend', 'bpcharsend', 'json_send', 'jsonb_send',
  'uuid_send', 'date_send', 'time_send', 'timetz_send', 'timestamp_send', 'timestamptz_send', 'interval_send',
  'cash_send', 'oidsend', 'bit_send', 'varbit_send', 'inet_send', 'cidr_send', 'macaddr_send', 'macaddr8_send',
  'point_send', 'lseg_send', 'path_send', 'box_send', 'poly_send', 'line_send', 'circle_send', 'tsvectorsend',
  'tsquerysend', 'pg_lsn_send', 'enum_send')";

std::string safe_type(const char* type) {
  return fmt::format(
      "EXISTS (SELECT 1 FROM pg_catalog.pg_proc p WHERE p.oid = {}.typsend AND p.oid < 16384"
      " AND p.proname IN ({}))",
      type, safe_functions);
}

// An array is safe when its elements are safe and their type has the same oid everywhere; a range when its subtype is.
std::string safe_column() {
  return fmt::format(
      R"(({0} OR (t.typsend = 'pg_catalog.array_send'::pg_catalog.regproc AND t.typelem BETWEEN 1 AND 16383
    AND EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND {1}))
   OR (t.typsend = 'pg_catalog.range_send'::pg_catalog.regproc
    AND EXISTS (SELECT 1 FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type e ON e.oid = r.rngsubtype
                 WHERE r.rngtypid = t.oid AND {1}))))",
      safe_type("t"), safe_type("e"));
}

}  // namespace

std::string tables(int version) {
  const std::string stored = version >= 120000 ? "a.attgenerated = ''" : "true";
  return fmt::format(R"(
WITH configuration AS ({configuration})
SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
       coalesce(k.columns, ''), coalesce(x.condition, ''), x.relation IS NOT NULL, coalesce(k.safe, true),
       pg_catalog.pg_relation_size(c.oid), pg_catalog.pg_table_size(c.oid),
       pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN configuration x ON x.relation = c.oid
  LEFT JOIN LATERAL (
    SELECT string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns, bool_and({safe}) AS safe
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND {stored}) k ON true
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND (x.relation IS NOT NULL OR ({schemas} AND {own}))
 ORDER BY 8 DESC, 2)",
                     fmt::arg("configuration", configuration), fmt::arg("safe", safe_column()),
                     fmt::arg("stored", stored), fmt::arg("schemas", user_schemas), fmt::arg("own", not_of_extension));
}

std::string integer_keys(int version) {
  // Before 11 there are no INCLUDE columns, and indnatts counts the key alone.
  const std::string single = version >= 110000 ? "i.indnkeyatts = 1" : "i.indnatts = 1";
  return fmt::format(R"(
SELECT DISTINCT ON (i.indrelid) i.indrelid, pg_catalog.quote_ident(a.attname)
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
 WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND {single} AND a.attnotnull
   AND a.atttypid IN (20, 21, 23) AND i.indrelid >= 16384
 ORDER BY i.indrelid, i.indisprimary DESC, a.attnum)",
                     fmt::arg("single", single));
}

std::string sequences() {
  return fmt::format(R"(
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND c.relpersistence <> 't'
   AND (c.oid IN (SELECT relation FROM ({configuration}) x) OR ({schemas} AND {own}))
 ORDER BY 1)",
                     fmt::arg("configuration", configuration), fmt::arg("schemas", user_schemas),
                     fmt::arg("own", not_of_extension));
}

std::string large_objects() {
  return "SELECT count(*), pg_catalog.pg_relation_size('pg_catalog.pg_largeobject') FROM"
         " pg_catalog.pg_largeobject_metadata";
}

std::string indexes() {
  return "SELECT c.oid, pg_catalog.pg_relation_size(c.oid) FROM pg_catalog.pg_class c"
         " WHERE c.relkind = 'i' AND c.oid >= 16384";
}

std::string constraints() {
  return "SELECT oid, conindid FROM pg_catalog.pg_constraint WHERE contype IN ('p', 'u', 'x') AND conindid <> 0";
}

std::string foreign_keys(int version) {
  const std::string partitioned = version >= 100000 ? "'p' IN (r.relkind, f.relkind)" : "false";
  return fmt::format(
      "SELECT k.oid, k.conrelid, k.confrelid, {}, pg_catalog.pg_relation_size(k.conrelid)"
      " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class r ON r.oid = k.conrelid"
      " JOIN pg_catalog.pg_class f ON f.oid = k.confrelid WHERE k.contype = 'f'",
      partitioned);
}

std::string other_relations() {
  return fmt::format(R"(
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE (c.relkind = 'p' OR (c.relkind = 'm' AND c.relispopulated)) AND {} AND {} ORDER BY 1)",
                     user_schemas, not_of_extension);
}

std::string roles() {
  // 'a' ACL, 'o' owner, 'r' policy, 'i' initial ACL (of extensions: not ours to set)
  return R"(
SELECT DISTINCT r.rolname FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
 WHERE d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.deptype IN ('a', 'o', 'r') ORDER BY 1)";
}

// Not from pg_shdepend, which does not hold what the first role of a server owns.
std::string owners(int version) {
  // What verify compares the owners of comes first; `public` counts where somebody gave it away.
  std::string objects = R"(
  SELECT 'pg_class'::regclass::oid AS class, oid, relowner AS owner, relnamespace AS schema, true AS compared
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relpersistence <> 't'
  UNION ALL SELECT 'pg_proc'::regclass, oid, proowner, pronamespace, true FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, t.oid, typowner, typnamespace, t.typtype IN ('e', 'd', 'r') FROM pg_type t
    LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'b' AND t.typelem = 0) OR c.relkind = 'c'
  UNION ALL SELECT 'pg_largeobject'::regclass, oid, lomowner, 0, true FROM pg_largeobject_metadata
  UNION ALL SELECT 'pg_default_acl'::regclass, oid, defaclrole, 0, true FROM pg_default_acl
  UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner, 0, oid >= 16384 FROM pg_namespace WHERE nspname !~ '^pg_'
     AND (oid >= 16384 OR (nspname = 'public' AND nspowner >= 16384))
  UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner, oprnamespace, false FROM pg_operator
  UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner, opcnamespace, false FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner, opfnamespace, false FROM pg_opfamily
  UNION ALL SELECT 'pg_collation'::regclass, oid, collowner, collnamespace, false FROM pg_collation
  UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner, connamespace, false FROM pg_conversion
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner, dictnamespace, false FROM pg_ts_dict
  UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner, cfgnamespace, false FROM pg_ts_config
  UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner, 0, false FROM pg_event_trigger
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, 0, false FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner, 0, false FROM pg_foreign_server
  UNION ALL SELECT 'pg_language'::regclass, oid, lanowner, 0, false FROM pg_language
  UNION ALL SELECT 'pg_database'::regclass, oid, datdba, 0, false FROM pg_database WHERE datname = current_database())";
  if (version >= 100000)
    objects += R"(
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner, stxnamespace, false FROM pg_statistic_ext
  UNION ALL SELECT 'pg_publication'::regclass, oid, pubowner, 0, false FROM pg_publication)";
  return fmt::format(R"(
SELECT r.rolname, coalesce(pg_catalog.quote_ident(n.nspname), ''), o.objects,
       (SELECT i.type || ' ' || i.identity FROM pg_identify_object((o.first >> 32)::oid, (o.first & 4294967295)::oid, 0) i),
       o.compared
  FROM (SELECT owner, schema, count(*) AS objects, bool_or(compared) AS compared,
               coalesce(min(class::bigint << 32 | oid::bigint) FILTER (WHERE compared),
                        min(class::bigint << 32 | oid::bigint)) AS first
          FROM ({}) x
         WHERE (oid >= 16384 OR class IN ('pg_database'::regclass, 'pg_namespace'::regclass, 'pg_largeobject'::regclass))
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = x.class AND d.objid = x.oid AND d.objsubid = 0
                              AND d.deptype IN ('e', 'i'))
         GROUP BY owner, schema) o
  JOIN pg_roles r ON r.oid = o.owner LEFT JOIN pg_namespace n ON n.oid = o.schema
 WHERE o.schema = 0 OR ({}) ORDER BY 1, 2)",
                     objects, user_schemas);
}

std::string database_shape(int version) {
  const char* provider = version >= 150000 ? "d.datlocprovider" : "'c'";
  const char* locale = version >= 170000 ? "d.datlocale" : version >= 150000 ? "d.daticulocale" : "NULL";
  return fmt::format(
      "SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, {}, {}, r.rolname,"
      " d.datallowconn, {} FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles r ON r.oid = d.datdba"
      " WHERE d.datname = $1",
      provider, locale, version >= 160000 ? "d.daticurules" : "NULL");
}

std::string user_databases() {
  return "SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate AND datallowconn"
         " AND datname NOT IN ('postgres', 'azure_sys', 'azure_maintenance', 'rdsadmin', 'cloudsqladmin') ORDER BY 1";
}

}  // namespace pgpassage::migrate::queries
