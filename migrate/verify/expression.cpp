#include "migrate/verify/expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "migrate/pg/session.hpp"

namespace pgpassage::migrate {

namespace {

// Built-in types whose text is not the same everywhere, with the function that gives their bits.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> by_bits{{{"float4", "float4send"},
                                                                                 {"float8", "float8send"},
                                                                                 {"point", "point_send"},
                                                                                 {"line", "line_send"},
                                                                                 {"lseg", "lseg_send"},
                                                                                 {"box", "box_send"},
                                                                                 {"path", "path_send"},
                                                                                 {"polygon", "poly_send"},
                                                                                 {"circle", "circle_send"},
                                                                                 {"money", "cash_send"},
                                                                                 {"char", "charsend"}}};

// Built-in types whose text is plain ASCII of bounded length.
constexpr std::array<std::string_view, 17> short_ascii{"bool", "int2", "int4", "int8",        "oid",       "numeric",
                                                       "date", "time", "uuid", "timestamptz", "timestamp", "timetz",
                                                       "inet", "cidr", "xid",  "interval",    "macaddr"};

std::string_view send_function(const Type& type) {
  if (!type.builtin || type.kind != Type::Kind::base) return {};
  for (const auto& [name, function] : by_bits)
    if (type.name == name) return function;
  return {};
}

bool is_short_ascii(const Type& type) {
  return type.builtin && std::find(short_ascii.begin(), short_ascii.end(), type.name) != short_ascii.end();
}

const Type* find_type(const Types& types, Oid oid) {
  const auto found = types.find(oid);
  return found == types.end() ? nullptr : &found->second;
}

std::string bits_of(const Type& type, const std::string& value) {
  const std::string_view function = send_function(type);
  if (type.name != "float4" && type.name != "float8") return fmt::format("pg_catalog.{}({})", function, value);
  return fmt::format("CASE ({0})::pg_catalog.{1} WHEN 'NaN' THEN '\\x'::pg_catalog.bytea ELSE pg_catalog.{2}({0}) END",
                     value, type.name, function);
}

std::string array_expression(const Types& types, const Type& type, const std::string& value) {
  const Type* element = find_type(types, type.inner);
  // array_send names the element's OID, which is the same everywhere for a built-in type; bytes 5-8 only say whether
  // there is a NULL bitmap, which an array may carry without holding a NULL.
  if (element && !send_function(*element).empty())
    return fmt::format("pg_catalog.overlay(pg_catalog.array_send({}), '\\x00000000'::pg_catalog.bytea, 5, 4)", value);
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE ROW(pg_catalog.array_dims({0}), (SELECT pg_catalog.array_agg(({1})::text)"
      " FROM (SELECT pg_catalog.unnest({0}) AS e) u))::text END",
      value, exact_expression(types, type.inner, "u.e"));
}

std::string composite_expression(const Types& types, const Type& type, const std::string& value) {
  std::vector<std::string> parts;
  for (const auto& [name, oid] : type.attributes)
    parts.push_back(exact_expression(types, oid, fmt::format("({}).{}", value, quote_identifier(name))));
  // A row of NULLs "IS NULL" too, and is not the same as no row.
  return fmt::format("CASE WHEN {} IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW({})::text END", value,
                     fmt::join(parts, ", "));
}

std::string range_expression(const Types& types, const Type& type, const std::string& value) {
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE ROW(pg_catalog.isempty({0}), pg_catalog.lower_inc({0}),"
      " pg_catalog.upper_inc({0}), pg_catalog.lower_inf({0}), pg_catalog.upper_inf({0}), {1}, {2})::text END",
      value, exact_expression(types, type.inner, fmt::format("pg_catalog.lower({})", value)),
      exact_expression(types, type.inner, fmt::format("pg_catalog.upper({})", value)));
}

std::string multirange_expression(const Types& types, const Type& type, const std::string& value) {
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE ROW((SELECT pg_catalog.array_agg(({1})::text)"
      " FROM (SELECT pg_catalog.unnest({0}) AS e) u))::text END",
      value, exact_expression(types, type.inner, "u.e"));
}

const Type* without_domains(const Types& types, const Type* type) {
  while (type && type->kind == Type::Kind::domain) type = find_type(types, type->inner);
  return type;
}

/// A cast to text would drop the blanks at the end of a character(n).
std::string as_text(const Types& types, Oid oid, const std::string& exact) {
  const Type* type = without_domains(types, find_type(types, oid));
  if (type && type->builtin && type->name == "bpchar")
    return fmt::format("pg_catalog.textin(pg_catalog.bpcharout({}))", exact);
  return fmt::format("({})::text", exact);
}

std::string split_column(const Types& types, const VerifyColumn& column, bool convert) {
  const std::string value = quote_identifier(column.name);
  const std::string exact = exact_expression(types, column.type, value);
  const Type* type = find_type(types, column.type);
  if (type && (is_short_ascii(*type) || !send_function(*type).empty())) return exact;
  if (type && type->builtin && type->name == "bytea") return fmt::format("pg_catalog.md5({})", value);
  const std::string text = as_text(types, column.type, exact);
  if (convert) return fmt::format("pg_catalog.md5(pg_catalog.convert_to({}, 'UTF8'))", text);
  return fmt::format("pg_catalog.md5({})", text);
}

// An oversized repeat() is refused with the SQLSTATE of a text that is too wide.
std::string limited(const std::string& text, std::int64_t widest) {
  if (widest == 0) return text;
  return fmt::format(
      "CASE WHEN pg_catalog.octet_length({0}) > {1} THEN pg_catalog.repeat({0}, 2000000000) ELSE {0} END", text,
      widest);
}

std::string hash_of(const std::string& text, bool hashed) {
  // A nondeterministic collation would hash what it calls equal alike.
  if (hashed) return fmt::format("pg_catalog.hashtextextended(({}) COLLATE \"C\", 0)", text);
  return fmt::format("('x' || pg_catalog.left(pg_catalog.md5({}), 16))::bit(64)::bigint", text);
}

std::string hashed_column(const Types& types, const VerifyColumn& column, std::int64_t widest) {
  const std::string exact = exact_expression(types, column.type, quote_identifier(column.name));
  const Type* type = find_type(types, column.type);
  if (type && (is_short_ascii(*type) || !send_function(*type).empty())) return exact;
  return hash_of(limited(as_text(types, column.type, exact), widest), true);
}

std::string column_of(const Types& types, const VerifyColumn& column, DigestForm form) {
  if (form.form == RowForm::split) return split_column(types, column, form.convert);
  if (form.hashed) return hashed_column(types, column, form.widest_text);
  return exact_expression(types, column.type, quote_identifier(column.name));
}

}  // namespace

bool exact_as_text(const Types& types, Oid oid) {
  const Type* type = find_type(types, oid);
  if (!type) return true;
  switch (type->kind) {
    case Type::Kind::base: return send_function(*type).empty();
    case Type::Kind::composite:
      return std::all_of(type->attributes.begin(), type->attributes.end(),
                         [&](const auto& attribute) { return exact_as_text(types, attribute.second); });
    default: return exact_as_text(types, type->inner);
  }
}

std::string exact_expression(const Types& types, Oid oid, const std::string& value) {
  if (exact_as_text(types, oid)) return value;
  const Type& type = types.at(oid);
  switch (type.kind) {
    case Type::Kind::base: return bits_of(type, value);
    case Type::Kind::domain: return exact_expression(types, type.inner, value);
    case Type::Kind::array: return array_expression(types, type, value);
    case Type::Kind::composite: return composite_expression(types, type, value);
    case Type::Kind::range: return range_expression(types, type, value);
    case Type::Kind::multirange: return multirange_expression(types, type, value);
  }
  return value;
}

std::string row_digest(const Types& types, const std::vector<VerifyColumn>& columns, DigestForm form) {
  std::vector<std::string> parts;
  for (const VerifyColumn& column : columns) parts.push_back(column_of(types, column, form));
  const std::string row = fmt::format("ROW({})::text", fmt::join(parts, ", "));
  return hash_of(limited(row, form.form == RowForm::plain && !form.hashed ? form.widest_text : 0), form.hashed);
}

}  // namespace pgpassage::migrate
