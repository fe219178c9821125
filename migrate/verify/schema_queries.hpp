#pragma once

#include <span>

namespace pgpassage::migrate {

/// One kind of schema object: a query for (identity, definition), on servers from `since` up to and without `before`.
struct SchemaQuery {
  const char* kind;
  const char* sql;
  int since = 90500;
  int before = 1000000;
};

std::span<const SchemaQuery> schema_queries();

}  // namespace pgpassage::migrate
