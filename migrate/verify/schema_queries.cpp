#include "migrate/verify/schema_queries.hpp"

#include <array>

namespace pgpassage::migrate {

namespace {

// Every query runs with an empty search_path, so that names come out qualified and pg_catalog is found first.
// `%user n%`: schema n is not the system's. `%own CLASS x%`: x of that catalog belongs to no extension.
constexpr std::array queries{
    SchemaQuery{"schema",
                "SELECT quote_ident(n.nspname), '' FROM pg_namespace n WHERE %user n% AND %own pg_namespace n%"},
    SchemaQuery{
        "extension",
        "SELECT quote_ident(e.extname), n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"},
    SchemaQuery{
        "relation",
        "SELECT c.oid::regclass::text, concat_ws(' ', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned "
        "table'"
        " WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence'"
        " ELSE 'type' END, CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,"
        " CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'not populated' END,"
        " CASE WHEN c.relkind IN ('r', 'p') AND c.relreplident <> 'd' THEN 'replica identity ' || c.relreplident::text "
        "END,"
        " CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END,"
        " (SELECT 'options ' || string_agg(o, ',' ORDER BY o COLLATE \"C\") FROM unnest(c.reloptions) o),"
        " (SELECT 'toast options ' || string_agg(o, ',' ORDER BY o COLLATE \"C\") FROM pg_class s, "
        "unnest(s.reloptions) o"
        "   WHERE s.oid = c.reltoastrelid),"
        " (SELECT 'inherits ' || string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i"
        "   WHERE i.inhrelid = c.oid))"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't' AND %user n% AND %own "
        "pg_class c%"},
    SchemaQuery{
        "partition",
        "SELECT c.oid::regclass::text, concat_ws(' ', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,"
        " pg_get_expr(c.relpartbound, c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE (c.relkind = 'p' OR c.relispartition) AND c.relkind <> 'i' AND c.relkind <> 'I' AND %user n% AND %own "
        "pg_class c%",
        100000},
    // Of a column's options only those that a person sets: a server may keep numbers of its own among them.
    SchemaQuery{
        "column",
        "SELECT c.oid::regclass::text || '.' || quote_ident(a.attname), concat_ws(' ', CASE WHEN NOT %by name% THEN "
        "row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) END,"
        " format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,"
        " CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || (SELECT quote_ident(o.collname) FROM "
        "pg_collation o WHERE o.oid = a.attcollation) END,"
        " %identity%, 'default ' || pg_get_expr(d.adbin, d.adrelid),"
        " CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END, %compression%,"
        " CASE WHEN a.attstattarget >= 0 THEN 'statistics ' || a.attstattarget END,"
        " (SELECT 'options ' || string_agg(o, ',' ORDER BY o COLLATE \"C\") FROM unnest(a.attoptions) o WHERE o ~ "
        "'^n_distinct'))"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_type t ON t.oid = a.atttypid"
        " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND "
        "c.relpersistence <> 't'"
        " AND %user n% AND %own pg_class c%"},
    SchemaQuery{
        "index",
        "SELECT i.indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid "
        "THEN 'invalid' END,"
        " CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END)"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relpersistence <> 't' AND %user n% AND %own pg_class c%"},
    SchemaQuery{
        "constraint",
        "SELECT coalesce(nullif(k.conrelid, 0)::regclass::text, nullif(k.contypid, 0)::regtype::text) || '.' || "
        "quote_ident(k.conname),"
        " concat_ws(' ', pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated AND pg_get_constraintdef(k.oid) !~ "
        "'NOT VALID' THEN 'NOT VALID' END)"
        " FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace LEFT JOIN pg_class c ON c.oid = k.conrelid"
        " WHERE k.contype NOT IN ('t', 'n')%part of a key% AND %user n% AND %own pg_class c% AND NOT EXISTS (SELECT "
        "FROM pg_depend x"
        " WHERE x.classid = 'pg_type'::regclass AND x.objid = k.contypid AND x.deptype = 'e')"},
    SchemaQuery{"view",
                "SELECT c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = "
                "c.relnamespace"
                " WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND %user n% AND %own pg_class c%"},
    SchemaQuery{"rule",
                "SELECT c.oid::regclass::text || '.' || quote_ident(r.rulename), r.ev_enabled::text || ' ' || "
                "pg_get_ruledef(r.oid) FROM pg_rewrite r"
                " JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE r.rulename <> '_RETURN' AND %user n% AND %own pg_class c%"},
    SchemaQuery{"function",
                "SELECT p.oid::regprocedure::text, concat_ws(' ', pg_get_function_arguments(p.oid), '->', "
                "pg_get_function_result(p.oid),"
                " l.lanname, p.provolatile, CASE WHEN p.proisstrict THEN 'strict' END, CASE WHEN p.prosecdef THEN "
                "'security definer' END,"
                " CASE WHEN p.proleakproof THEN 'leakproof' END, p.procost, p.prorows, p.proconfig::text, p.probin, "
                "'md5', md5(%body%),"
                " (SELECT concat_ws(' ', 'aggregate', a.aggtransfn, a.aggfinalfn, a.aggtranstype::regtype, "
                "a.agginitval) FROM pg_aggregate a WHERE a.aggfnoid = p.oid))"
                " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
                " WHERE %user n% AND %own pg_proc p%%made of pg_proc%"},
    SchemaQuery{"trigger",
                "SELECT c.oid::regclass::text || '.' || quote_ident(t.tgname), t.tgenabled::text || ' ' ||"
                " replace(pg_get_triggerdef(t.oid), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION ') FROM pg_trigger t"
                " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE NOT t.tgisinternal%clone% AND %user n% AND %own pg_class c%"},
    SchemaQuery{"event trigger",
                "SELECT quote_ident(e.evtname), concat_ws(' ', e.evtevent, e.evtenabled, e.evtfoid::regproc, "
                "e.evttags::text) FROM pg_event_trigger e WHERE %own pg_event_trigger e%"},
    SchemaQuery{"policy",
                "SELECT c.oid::regclass::text || '.' || quote_ident(p.polname), concat_ws(' ', p.polcmd, (SELECT "
                "string_agg(coalesce(r.rolname, 'public'), ',' ORDER BY r.rolname)"
                " FROM unnest(p.polroles) o LEFT JOIN pg_roles r ON r.oid = o), 'using', pg_get_expr(p.polqual, "
                "p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))"
                " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE %user n%"},
    SchemaQuery{"type",
                "SELECT t.oid::regtype::text, concat_ws(' ', t.typtype, (SELECT string_agg(quote_literal(e.enumlabel), "
                "',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),"
                " CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, CASE WHEN t.typnotnull "
                "THEN 'not null' END,"
                " 'default ' || t.typdefault, (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid "
                "= t.oid))"
                " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                " WHERE t.typtype IN ('e', 'd', 'r', 'b') AND t.typelem = 0 AND %user n% AND %own pg_type t%"},
    SchemaQuery{
        "sequence",
        "SELECT s.seqrelid::regclass::text, concat_ws(' ', s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, "
        "s.seqcycle,"
        " (SELECT 'owned by ' || d.refobjid::regclass || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON "
        "a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
        "   WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype IN ('a', 'i') AND "
        "d.refobjsubid > 0))"
        " FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relpersistence <> 't' AND %user n% AND %own pg_class c%",
        100000},
    SchemaQuery{"operator",
                "SELECT o.oid::regoperator::text, concat_ws(' ', o.oprcode, o.oprcom::regoperator, "
                "o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash) FROM pg_operator o JOIN "
                "pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND %user n% AND %own pg_operator o%"},
    SchemaQuery{
        "operator class",
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(o.opcname) || ' using ' || m.amname, concat_ws(' ', "
        "o.opcintype::regtype, o.opcdefault, nullif(o.opckeytype, 0)::regtype, 'in', quote_ident(g.nspname) || "
        "'.' || quote_ident(f.opfname)) FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN "
        "pg_am m ON m.oid = o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace g ON g.oid = "
        "f.opfnamespace WHERE %user n% AND %own pg_opclass o%"},
    SchemaQuery{
        "operator family",
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' using ' || m.amname, concat_ws('; ',"
        " (SELECT string_agg(concat_ws(' ', o.amopstrategy, o.amopopr::regoperator, o.amoppurpose), ', ' ORDER BY"
        " o.amopstrategy, o.amopopr::regoperator::text COLLATE \"C\") FROM pg_amop o WHERE o.amopfamily = f.oid),"
        " (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproclefttype::regtype, p.amprocrighttype::regtype,"
        " p.amproc::regprocedure), ', ' ORDER BY p.amprocnum, p.amproc::regprocedure::text COLLATE \"C\") FROM"
        " pg_amproc p WHERE p.amprocfamily = f.oid)) FROM pg_opfamily f JOIN pg_namespace n ON n.oid = "
        "f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod WHERE %user n% AND %own pg_opfamily f%"},
    SchemaQuery{
        "cast",
        "SELECT c.castsource::regtype || ' as ' || c.casttarget::regtype, concat_ws(' ', c.castfunc::regprocedure, "
        "c.castcontext, c.castmethod) FROM pg_cast c WHERE c.oid >= 16384 AND %own pg_cast c%%made of pg_cast%"},
    SchemaQuery{
        "collation",
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname), concat_ws(' ', %collation%) FROM "
        "pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE %user n% AND %own pg_collation c%"},
    SchemaQuery{"conversion",
                "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.conname), c.conproc::text FROM pg_conversion c "
                "JOIN pg_namespace n ON n.oid = c.connamespace WHERE %user n% AND %own pg_conversion c%"},
    SchemaQuery{"text search configuration",
                "SELECT c.oid::regconfig::text, (SELECT quote_ident(p.prsname) FROM pg_ts_parser p WHERE p.oid = "
                "c.cfgparser) || ' ' || (SELECT string_agg(m.maptokentype || ':' || m.mapdict::regdictionary, "
                "',' ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) FROM "
                "pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE %user n% AND %own pg_ts_config c%"},
    SchemaQuery{
        "text search dictionary",
        "SELECT d.oid::regdictionary::text, concat_ws(' ', t.tmplname, d.dictinitoption) FROM pg_ts_dict d JOIN "
        "pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace n ON n.oid = "
        "d.dictnamespace WHERE %user n% AND %own pg_ts_dict d%"},
    SchemaQuery{
        "text search parser",
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(p.prsname), concat_ws(' ', p.prsstart, p.prstoken, "
        "p.prsend, p.prsheadline, p.prslextype) FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = "
        "p.prsnamespace WHERE %user n% AND %own pg_ts_parser p%"},
    SchemaQuery{"text search template",
                "SELECT quote_ident(n.nspname) || '.' || quote_ident(t.tmplname), concat_ws(' ', t.tmplinit, "
                "t.tmpllexize) FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE %user n% AND "
                "%own pg_ts_template t%"},
    SchemaQuery{"statistics",
                "SELECT quote_ident(n.nspname) || '.' || quote_ident(s.stxname), pg_get_statisticsobjdef(s.oid) FROM "
                "pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE %user n%",
                100000},
    SchemaQuery{"publication",
                "SELECT quote_ident(p.pubname), concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, "
                "(SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text COLLATE \"C\") "
                "FROM pg_publication_rel r WHERE r.prpubid = p.oid)) FROM pg_publication p",
                100000},
    SchemaQuery{
        "foreign data wrapper",
        "SELECT quote_ident(w.fdwname), concat_ws(' ', nullif(w.fdwhandler, 0)::regproc, nullif(w.fdwvalidator, "
        "0)::regproc) FROM pg_foreign_data_wrapper w WHERE %own pg_foreign_data_wrapper w%"},
    // Their options hold passwords, and are seen by few.
    SchemaQuery{"user mapping", "SELECT quote_ident(m.srvname) || ' to ' || m.usename, '' FROM pg_user_mappings m"},
    SchemaQuery{
        "foreign server",
        "SELECT quote_ident(s.srvname), concat_ws(' ', w.fdwname, s.srvtype, s.srvversion, (SELECT string_agg(o, ',' "
        "ORDER BY o) FROM unnest(s.srvoptions) o WHERE o !~* '^(password|passfile|sslpassword)=')) FROM "
        "pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE %own pg_foreign_server s%"},
    SchemaQuery{"foreign table",
                "SELECT f.ftrelid::regclass::text, concat_ws(' ', s.srvname, f.ftoptions::text) FROM pg_foreign_table "
                "f JOIN pg_foreign_server s ON s.oid = f.ftserver"},
    SchemaQuery{"comment",
                "SELECT i.type || ' ' || i.identity, d.description FROM pg_description d, "
                "pg_identify_object(d.classoid, d.objoid, d.objsubid) i"
                " WHERE d.objoid >= 16384 AND i.type IS NOT NULL AND (i.schema IS NULL OR i.schema !~ '^pg_') AND "
                "d.classoid NOT IN ('pg_extension'::regclass) AND i.identity IS NOT NULL"
                " AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classoid AND x.objid = d.objoid AND "
                "x.deptype = 'e')"},
    SchemaQuery{"setting",
                "SELECT coalesce(r.rolname, '(every role)'), (SELECT string_agg(c, '; ' ORDER BY c) FROM "
                "unnest(s.setconfig) c) FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole"
                " WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"},
    SchemaQuery{"encoding",
                "SELECT 'database', pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"},
    SchemaQuery{"locale",
                "SELECT 'database', concat_ws(' ', %locale%) FROM pg_database c WHERE datname = current_database()"},
    SchemaQuery{
        "owner",
        "SELECT * FROM (SELECT 'relation ' || c.oid::regclass, r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid "
        "= c.relnamespace JOIN pg_roles r ON r.oid = c.relowner"
        "   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND %user n% AND %own "
        "pg_class c%"
        " UNION ALL SELECT 'schema ' || quote_ident(n.nspname), r.rolname FROM pg_namespace n JOIN pg_roles r ON r.oid "
        "= n.nspowner WHERE n.oid >= 16384 AND %user n% AND %own pg_namespace n%"
        " UNION ALL SELECT 'function ' || p.oid::regprocedure, r.rolname FROM pg_proc p JOIN pg_namespace n ON n.oid = "
        "p.pronamespace JOIN pg_roles r ON r.oid = p.proowner WHERE %user n% AND %own pg_proc p%%made of pg_proc%"
        " UNION ALL SELECT 'type ' || t.oid::regtype, r.rolname FROM pg_type t JOIN pg_namespace n ON n.oid = "
        "t.typnamespace JOIN pg_roles r ON r.oid = t.typowner WHERE t.typtype IN ('e', 'd', 'r') AND %user n% AND %own "
        "pg_type t%"
        " UNION ALL SELECT 'large object ' || l.oid, r.rolname FROM pg_largeobject_metadata l JOIN pg_roles r ON r.oid "
        "= l.lomowner) o"},
    // The owner's own rights are left out: from 17 on they contain MAINTAIN, which no older version knows.
    SchemaQuery{
        "grant",
        "SELECT o.object || ' to ' || coalesce(g.rolname, 'public'), string_agg(CASE WHEN a.is_grantable THEN "
        "a.privilege_type || '*' ELSE a.privilege_type END, ',' ORDER BY a.privilege_type) FROM ("
        " SELECT 'relation ' || c.oid::regclass AS object, c.relowner AS owner, c.relacl AS acl FROM pg_class c JOIN "
        "pg_namespace n ON n.oid = c.relnamespace"
        "   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND %user n% AND %own "
        "pg_class c%"
        " UNION ALL SELECT 'column ' || c.oid::regclass || '.' || quote_ident(t.attname), c.relowner, t.attacl FROM "
        "pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        "   WHERE t.attacl IS NOT NULL AND t.attnum > 0 AND NOT t.attisdropped AND %user n% AND %own pg_class c%"
        " UNION ALL SELECT 'schema ' || quote_ident(n.nspname), n.nspowner, n.nspacl FROM pg_namespace n WHERE n.oid "
        ">= 16384 AND %user n% AND %own pg_namespace n%"
        " UNION ALL SELECT 'function ' || p.oid::regprocedure, p.proowner, coalesce(p.proacl, acldefault('f', "
        "p.proowner)) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE %user n% AND %own pg_proc "
        "p%%made of pg_proc%"
        " UNION ALL SELECT 'type ' || t.oid::regtype, t.typowner, coalesce(t.typacl, acldefault('T', t.typowner)) FROM "
        "pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r') AND %user n% AND "
        "%own pg_type t%"
        " UNION ALL SELECT 'large object ' || l.oid, l.lomowner, l.lomacl FROM pg_largeobject_metadata l"
        " UNION ALL SELECT concat_ws(' ', 'default of', (SELECT rolname FROM pg_roles WHERE oid = d.defaclrole), "
        "d.defaclobjtype, (SELECT quote_ident(nspname) FROM pg_namespace WHERE oid = d.defaclnamespace)), "
        "d.defaclrole, d.defaclacl FROM pg_default_acl d"
        ") o, aclexplode(o.acl) a LEFT JOIN pg_roles g ON g.oid = a.grantee WHERE a.grantee <> o.owner GROUP BY "
        "o.object, coalesce(g.rolname, 'public')"}};

}  // namespace

std::span<const SchemaQuery> schema_queries() { return queries; }

}  // namespace pgpassage::migrate
