#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The SQL that `pg_restore --verbose -f` writes for an archive, as entries with their dependencies. Pure.
namespace pgpassage::migrate {

/// One entry of the archive's table of contents with its statements.
struct SchemaEntry {
  int dump_id = 0;
  std::uint32_t class_oid = 0;          ///< catalog of the object on the source: 1259 is pg_class, 2606 pg_constraint
  std::uint32_t object_oid = 0;         ///< its oid on the source
  std::vector<int> dependencies;        ///< dump ids; some belong to entries that the script does not have
  std::string type;                     ///< "TABLE", "INDEX", "FK CONSTRAINT", "ACL", ...
  std::string name;                     ///< as the header prints it: for people only
  std::string schema;                   ///< "-" when the object is in none
  std::vector<std::string> statements;  ///< each with its semicolon
};

/// Splits SQL into statements. Quotes, dollar quotes, comments, parentheses and BEGIN ATOMIC bodies are respected;
/// psql's commands (a backslash at the start of a line) and comments between statements are dropped.
std::vector<std::string> split_statements(std::string_view sql);

/// The entries in the script's order. What stands before the first one (session settings) is not among them.
std::vector<SchemaEntry> read_script(std::string_view script);

enum class StatementKind { settings, ownership, privileges, definition };

/// What a statement is about: SET and set_config; ALTER ... OWNER TO; GRANT, REVOKE and what belongs to them.
StatementKind kind_of(const SchemaEntry& entry, std::string_view statement);

}  // namespace pgpassage::migrate
