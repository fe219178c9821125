#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What one source database holds beside its schema's text: what to copy, and how. Pure values.
namespace pgpassage::migrate {

using Oid = std::uint32_t;

/// A table whose rows are copied: ordinary tables, partitions, and configuration tables of extensions.
struct CopyTable {
  Oid oid = 0;
  std::string name;       ///< "schema"."name", quoted for SQL
  std::string columns;    ///< quoted and comma-separated, without generated ones; empty: none is left, COPY names none
  std::string condition;  ///< "WHERE ..." of a configuration table; empty: every row
  bool configuration = false;  ///< of an extension: the target has rows of its own, nothing is truncated
  bool binary_safe = false;    ///< every column has the same binary form on every server (design 4)
  std::int64_t heap_bytes = 0;
  std::int64_t bytes = 0;   ///< heap and TOAST: what COPY will carry, roughly
  std::int64_t pages = 0;   ///< of the heap, in blocks of the server
  std::string integer_key;  ///< quoted column of a unique, total index on one integer column; empty: none
};

struct CopySequence {
  std::string name;  ///< quoted for SQL
  bool operator==(const CopySequence&) const = default;
};

struct LargeObjects {
  std::int64_t count = 0;  ///< 0: none, or none is to be moved
  std::int64_t bytes = 0;  ///< of their pages
};

struct ForeignKey {
  Oid table = 0;
  Oid referenced = 0;
  bool partitioned = false;  ///< locks partitions on one of its sides
  std::int64_t bytes = 0;    ///< that its check reads
};

/// Who owns what: one role's objects in one schema, or those that are in none.
struct Ownership {
  std::string owner;
  std::string schema;        ///< quoted for SQL; empty: a schema itself, a large object, the database, ...
  std::int64_t objects = 0;  ///< how many
  std::string first;         ///< one of them in words: "table public.orders"
  bool compared = false;     ///< verify compares the owner of at least one
};

struct Catalog {
  std::vector<CopyTable> tables;
  std::vector<CopySequence> sequences;
  LargeObjects large_objects;
  std::map<Oid, std::int64_t> index_bytes;  ///< by the index's oid
  std::map<Oid, Oid> constraint_index;      ///< pg_constraint's oid -> its index's
  std::map<Oid, ForeignKey> foreign_keys;   ///< by pg_constraint's oid
  std::vector<std::string>
      analyzed;                    ///< quoted names of what ANALYZE visits beside `tables`: partitioned, materialized
  std::vector<std::string> roles;  ///< grantees and roles in policies of this database's objects, and its owners
  std::vector<Ownership> owned;
};

/// How a database is made again on the target.
struct DatabaseShape {
  std::string encoding;
  std::string create_options;  ///< of CREATE DATABASE: " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' ..."
  std::string owner;
};

}  // namespace pgpassage::migrate
