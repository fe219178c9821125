#pragma once

#include <string>

/// Every catalog query of the copy, for a server of the given version (PQserverVersion). Pure.
namespace pgpassage::migrate::queries {

std::string tables(int version);        ///< oid, name, columns, condition, configuration, safe, heap, bytes, pages
std::string integer_keys(int version);  ///< table oid, column
std::string sequences();
std::string large_objects();              ///< name
std::string indexes();                    ///< index oid, bytes
std::string constraints();                ///< constraint oid, index oid
std::string foreign_keys(int version);    ///< constraint oid, table, referenced, partitioned, bytes
std::string other_relations();            ///< name of partitioned tables and populated materialized views
std::string roles();                      ///< role names
std::string owners(int version);          ///< owner, schema, objects, first of them, compared by verify
std::string database_shape(int version);  ///< encoding, collate, ctype, provider, icu locale, owner, allows connections
std::string user_databases();

}  // namespace pgpassage::migrate::queries
