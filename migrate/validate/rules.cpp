#include "migrate/validate/rules.hpp"

#include <algorithm>
#include <array>

namespace pgpassage::migrate {

namespace {

constexpr std::string_view connectivity = "AuthenticationAndConnectivityValidation";
constexpr std::string_view source_version = "SourceVersionValidation";
constexpr std::string_view parameters = "ServerParametersValidation";
constexpr std::string_view schema = "SchemaValidation";
constexpr std::string_view extensions = "ExtensionsValidation";
constexpr std::string_view collations = "CollationsValidation";
constexpr auto failed = ItemState::failed;
constexpr auto warning = ItemState::warning;
constexpr auto good_to_know = ItemState::succeeded;

/// A document and the heading that says it. Rules with a code are found under it in the list of known errors.
struct Passage {
  std::string_view document, section;
};
constexpr Passage ours{};
constexpr Passage known_errors{"Known errors in the migration service", ""};
constexpr Passage limitations{"Known issues and limitations for the migration service", "Limitations"};
constexpr Passage practices{"Best practices for seamless migration", ""};
constexpr Passage roles{"Permissions in migration scenarios", ""};
constexpr Passage extension_guide{"Extension migration using the migration service", ""};

constexpr ValidationRule rule(std::string_view id, std::string_view name, std::string_view title, std::string_view type,
                              std::string_view code, ItemState severity, std::string_view cure, Passage passage) {
  return {id, name, title, type, code, severity, cure, passage.document, passage.section};
}

constexpr std::array rules{
    rule("SRV001", "source-login", "The source can be reached and lets the user in", connectivity, "603000", failed,
         "check host, port, pg_hba.conf and password of the source", known_errors),
    rule("SRV002", "target-login", "The target can be reached and lets the user in", connectivity, "603000", failed,
         "check host, port, firewall and password of the target", known_errors),
    rule("SRV003", "source-version", "The source is 9.5 or newer", source_version, "603400", failed,
         "upgrade the source to 9.5 or newer first", known_errors),
    rule("SRV004", "no-downgrade", "The target is not older than the source", source_version, "", failed,
         "choose a target of the source's version or newer", limitations),
    rule("SRV005", "target-version", "The target is 10 or newer", source_version, "", failed, "choose a newer target",
         ours),
    rule("SRV006", "database-count", "At most eight databases move in one migration", connectivity, "", failed,
         "move the others in a further migration", limitations),
    rule("SRV007", "target-createdb", "The target's user may create databases", connectivity, "", failed,
         "ALTER ROLE ... CREATEDB on the target", ours),
    rule("SRV008", "source-superusers", "No role of the source is a superuser but its first one", schema, "", warning,
         "superusers do not exist on Azure: recreate the role without SUPERUSER", limitations),
    rule("SRV009", "max-locks", "The target can lock every object in one transaction", parameters, "", warning,
         "raise max_locks_per_transaction on the target", known_errors),
    rule("SRV010", "target-space", "The target has 1.25 times the room of the databases", parameters, "", warning,
         "compare with the target's storage, or turn on autogrow", practices),
    rule("SRV011", "client-programs", "pg_dump and pg_restore are here and read the source", parameters, "", failed,
         "install postgresql-client of the target's version here", ours),
    rule("SRV012", "source-max-locks", "The source can lock every table at once", parameters, "", warning,
         "raise max_locks_per_transaction on the source", known_errors),
    rule("SRV013", "target-admin", "The target's user is a member of azure_pg_admin", connectivity, "603115", failed,
         "GRANT azure_pg_admin to it on the target", known_errors),
    rule("SRV014", "target-createrole", "The target's user has CREATEROLE", connectivity, "603116", warning,
         "ALTER ROLE ... CREATEROLE on the target", known_errors),
    rule("SRV015", "entra-roles", "Microsoft Entra roles of the source are on the target", connectivity, "603103",
         failed, "add the Microsoft Entra users and groups to the target before the migration", known_errors),
    rule("SRV016", "source-primary", "The source is a primary server", parameters, "603112", warning,
         "migrate from the primary, or set max_standby_streaming_delay = -1 and hot_standby_feedback = on there",
         known_errors),
    rule("SRV017", "password-hashes", "No login of the source has an MD5 password that the target does not make",
         connectivity, "", warning, "set those passwords again, or password_encryption = md5 on the target",
         limitations),
    rule("DB001", "database-on-source", "The database exists on the source", connectivity, "603102", failed,
         "correct its name", known_errors),
    rule("DB002", "database-on-target", "No database of that name is on the target", connectivity, "603101", failed,
         "remove it, or set overwriteDbsInTarget (--overwrite)", known_errors),
    rule("DB003", "target-sessions", "Sessions of the target's database can be ended", connectivity, "603111", failed,
         "GRANT pg_signal_backend to the target's user, or end them", known_errors),
    rule("DB004", "read-privileges", "The source's user may read every table and sequence", connectivity, "603110",
         failed, "make it the owner, or GRANT USAGE and SELECT; where row security is on, BYPASSRLS", known_errors),
    rule("DB005", "roles-on-target", "Roles that own or are granted something are on the target", schema, "", warning,
         "pg_dumpall --globals-only, without SUPERUSER, before the migration", roles),
    rule("DB006", "extensions-available", "Every extension is available on the target", extensions, "603108", failed,
         "add it to azure.extensions, install it on the target, or drop it on the source", known_errors),
    rule("DB007", "extensions-preloaded", "What must be preloaded is in shared_preload_libraries", extensions, "603109",
         failed, "add it to shared_preload_libraries of the target and restart it", known_errors),
    rule("DB008", "extension-schema", "No extension lives in pg_catalog but the language's own", extensions, "603407",
         warning, "ALTER EXTENSION ... SET SCHEMA where it is possible", known_errors),
    rule("DB009", "database-collation", "The target knows the database's collation", collations, "603401", failed,
         "create the source's locale on the target, or choose another target", known_errors),
    rule("DB010", "column-collations", "The target knows every collation that columns use", collations, "603402",
         failed, "change the columns' collation", known_errors),
    rule("DB011", "user-collations", "There are no user-defined collations", collations, "603403", failed,
         "use a built-in collation", known_errors),
    rule("DB012", "tables-with-oids", "No table is WITH OIDS", schema, "603404", failed,
         "ALTER TABLE ... SET WITHOUT OIDS", known_errors),
    rule("DB013", "user-casts", "There are no user-defined casts", schema, "603409", failed,
         "drop them, and create them on the target by hand", known_errors),
    rule("DB014", "languages", "The target has every procedural language", schema, "603413", failed,
         "install the language on the target, or drop its functions", known_errors),
    rule("DB015", "base-types", "There are no user-defined base types", schema, "", failed,
         "replace them by domains or composite types", limitations),
    rule("DB016", "c-functions", "There are no user-defined C functions", schema, "", failed,
         "their library is not on the target: replace or drop them", ours),
    rule("DB017", "event-triggers", "There are no event triggers", schema, "", warning,
         "only a superuser (azure_pg_admin on Azure) creates them", ours),
    rule("DB018", "catalog-grants", "Nobody was granted rights on restricted catalogs", schema, "603410", failed,
         "REVOKE them on the source", known_errors),
    rule("DB019", "tablespaces", "Nothing lives in a tablespace of its own", schema, "", warning,
         "it goes to the target's default tablespace", limitations),
    rule("DB020", "text-search-parsers", "There are no user-defined text search parsers or templates", schema, "",
         failed, "drop them", limitations),
    rule("DB021", "encoding", "The encoding is UTF8", collations, "", warning,
         "the target's database is made in the same encoding", ours),
    rule("DB022", "large-objects-readable", "The source's user may read every large object", connectivity, "603110",
         failed, "make it their owner, or GRANT SELECT ON LARGE OBJECT", known_errors),
    rule("DB023", "tables-without-key", "Tables without a primary key cross offline as they are", schema, "",
         good_to_know, "nothing offline; an online migration needs a replica identity for updates and deletes",
         practices),
    rule("DB024", "extension-versions", "The target offers the extensions' versions", extensions, "", warning,
         "the target's default version is created: read the extension's notes on upgrading", extension_guide),
    rule("DB025", "postgis-version", "PostGIS is of a version that both servers have", extensions, "603406", failed,
         "upgrade PostGIS on the source to a version that the target offers", known_errors),
    rule("DB026", "movable-extensions", "No extension is one that does not move as it is", extensions, "603405",
         warning, "read what the documents say about that extension", known_errors),
    rule("DB027", "target-droppable", "The target's user may drop the database to be replaced", connectivity, "603117",
         failed, "make it the owner of the database there, or drop the database by hand", known_errors),
    rule("DB028", "untrusted-languages", "There are no functions in untrusted languages", schema, "603413", failed,
         "only a superuser creates them: rewrite them in a trusted language, or drop them", known_errors),
    rule("DB029", "foreign-tables", "There are no foreign tables", schema, "", warning,
         "their rows stay where they are: see that the target reaches those servers, and set passwords again", ours),
    rule("DB030", "target-owners", "The target's user may give everything to its owner", schema, "", failed,
         "GRANT the owner's role to the target's user, or give the objects to another owner on the source", ours),
    rule("DB031", "collation-versions", "Both servers sort text by the same version of their libraries", collations, "",
         warning,
         "indexes are built anew and are right; see that ranges of partitions and what applications sort suit the "
         "target's order",
         ours)};

}  // namespace

std::span<const ValidationRule> validation_rules() { return rules; }

const ValidationRule& validation_rule(std::string_view id) {
  return *std::find_if(rules.begin(), rules.end(), [&](const ValidationRule& rule) { return rule.id == id; });
}

}  // namespace pgpassage::migrate
