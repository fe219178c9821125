#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// PostgreSQL's binary forms, as far as large objects need them. Pure.
namespace pgpassage::migrate {

/// The fields of one row of COPY (FORMAT binary), as one CopyData message brings it: the first has the file's header
/// before it. Empty for the trailer, and for anything malformed. NULL reads as an empty field. They refer into
/// `message`.
std::vector<std::string_view> fields_of_row(std::string_view message);

/// The number in a field of 4 or 8 bytes; 0 for any other.
std::int64_t number_of(std::string_view field);

/// An element of an array of oid or of bigint.
std::string binary_oid(std::uint32_t oid);
std::string binary_bigint(std::int64_t number);

/// Oids of the types that arrays here are made of: the same on every server.
enum class ElementType : std::uint32_t { bytea = 17, bigint = 20, oid = 26 };

/// A one-dimensional array without NULLs, as a parameter in binary form.
std::string binary_array(ElementType type, const std::vector<std::string>& elements);

}  // namespace pgpassage::migrate
