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

constexpr std::array rules{
    ValidationRule{"SRV001", "source-login", "The source can be reached and lets the user in", connectivity, "603000",
                   failed, "check host, port, pg_hba.conf and password of the source"},
    ValidationRule{"SRV002", "target-login", "The target can be reached and lets the user in", connectivity, "603000",
                   failed, "check host, port, firewall and password of the target"},
    ValidationRule{"SRV003", "source-version", "The source is 9.5 or newer", source_version, "603400", failed,
                   "upgrade the source to 9.5 or newer first"},
    ValidationRule{"SRV004", "no-downgrade", "The target is not older than the source", source_version, "", failed,
                   "choose a target of the source's version or newer"},
    ValidationRule{"SRV005", "target-version", "The target is 10 or newer", source_version, "", failed,
                   "choose a newer target"},
    ValidationRule{"SRV006", "database-count", "At most eight databases move in one migration", connectivity, "",
                   failed, "move the others in a further migration"},
    ValidationRule{"SRV007", "target-createdb", "The target's user may create databases", connectivity, "603116",
                   failed, "ALTER ROLE ... CREATEDB on the target"},
    ValidationRule{"SRV008", "source-superusers", "No role of the source is a superuser but its first one", schema, "",
                   warning, "superusers do not exist on Azure: recreate the role without SUPERUSER"},
    ValidationRule{"SRV009", "max-locks", "The target can lock every object in one transaction", parameters, "",
                   warning, "raise max_locks_per_transaction on the target"},
    ValidationRule{"SRV010", "target-space", "The target has 1.25 times the room of the databases", parameters, "",
                   warning, "compare with the target's storage, or turn on autogrow"},
    ValidationRule{"DB001", "database-on-source", "The database exists on the source", connectivity, "603102", failed,
                   "correct its name"},
    ValidationRule{"DB002", "database-on-target", "No database of that name is on the target", connectivity, "603101",
                   failed, "remove it, or set overwriteDbsInTarget (--overwrite)"},
    ValidationRule{"DB003", "target-sessions", "Sessions of the target's database can be ended", connectivity, "603111",
                   failed, "GRANT pg_signal_backend to the target's user, or end them"},
    ValidationRule{"DB004", "read-privileges", "The source's user may read every table and sequence", connectivity,
                   "603110", failed, "make it the owner, or GRANT USAGE and SELECT"},
    ValidationRule{"DB005", "roles-on-target", "Roles that own or are granted something are on the target", schema, "",
                   warning, "pg_dumpall --globals-only, without SUPERUSER, before the migration"},
    ValidationRule{"DB006", "extensions-available", "Every extension is available on the target", extensions, "603108",
                   failed, "add it to azure.extensions, install it on the target, or drop it on the source"},
    ValidationRule{"DB007", "extensions-preloaded", "What must be preloaded is in shared_preload_libraries", extensions,
                   "603109", failed, "add it to shared_preload_libraries of the target and restart it"},
    ValidationRule{"DB008", "extension-schema", "No extension lives in pg_catalog but the language's own", extensions,
                   "603407", warning, "ALTER EXTENSION ... SET SCHEMA where it is possible"},
    ValidationRule{"DB009", "database-collation", "The target knows the database's collation", collations, "603401",
                   failed, "create the source's locale on the target, or choose another target"},
    ValidationRule{"DB010", "column-collations", "The target knows every collation that columns use", collations,
                   "603402", failed, "change the columns' collation"},
    ValidationRule{"DB011", "user-collations", "There are no user-defined collations", collations, "603403", failed,
                   "use a built-in collation"},
    ValidationRule{"DB012", "tables-with-oids", "No table is WITH OIDS", schema, "603404", failed,
                   "ALTER TABLE ... SET WITHOUT OIDS"},
    ValidationRule{"DB013", "user-casts", "There are no user-defined casts", schema, "603409", failed,
                   "drop them, and create them on the target by hand"},
    ValidationRule{"DB014", "languages", "The target has every procedural language", schema, "603413", failed,
                   "install the language on the target, or drop its functions"},
    ValidationRule{"DB015", "base-types", "There are no user-defined base types", schema, "", failed,
                   "replace them by domains or composite types"},
    ValidationRule{"DB016", "c-functions", "There are no user-defined C functions", schema, "", failed,
                   "their library is not on the target: replace or drop them"},
    ValidationRule{"DB017", "event-triggers", "There are no event triggers", schema, "", warning,
                   "only a superuser (azure_pg_admin on Azure) creates them"},
    ValidationRule{"DB018", "catalog-grants", "Nobody was granted rights on restricted catalogs", schema, "603410",
                   failed, "REVOKE them on the source"},
    ValidationRule{"DB019", "tablespaces", "Nothing lives in a tablespace of its own", schema, "", warning,
                   "it goes to the target's default tablespace"},
    ValidationRule{"DB020", "text-search-parsers", "There are no user-defined text search parsers or templates", schema,
                   "", failed, "drop them"},
    ValidationRule{"DB021", "encoding", "The encoding is UTF8", collations, "", warning,
                   "the target's database is made in the same encoding"}};

}  // namespace

std::span<const ValidationRule> validation_rules() { return rules; }

const ValidationRule& validation_rule(std::string_view id) {
  return *std::find_if(rules.begin(), rules.end(), [&](const ValidationRule& rule) { return rule.id == id; });
}

}  // namespace pgpassage::migrate
