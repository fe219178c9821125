#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// How a row becomes a text that is the same on every version from 9.5 on exactly when the row is the same. Pure.
namespace pgpassage::migrate {

using Oid = std::uint32_t;

/// A row of pg_type with what hangs on it.
struct Type {
  std::string name;
  bool builtin = false;  ///< in pg_catalog: its OID is the same everywhere
  enum class Kind : char { base, array, composite, domain, range, multirange } kind = Kind::base;
  Oid inner = 0;                                        ///< element, base type, subtype or range
  std::vector<std::pair<std::string, Oid>> attributes;  ///< of a composite
};
using Types = std::map<Oid, Type>;

/// True when the type's text output says everything and every version writes it alike. Floats, the geometric types
/// (made of floats), money (lc_monetary) and "char" (bytes above 127 since 16) are not, nor what contains them.
bool exact_as_text(const Types& types, Oid type);

/// An expression over `value` (SQL text) whose text form is exact. Floats appear by their bits, except that every NaN
/// is one NaN, as PostgreSQL itself has it; inside arrays of floats a NaN keeps its own bits.
std::string exact_expression(const Types& types, Oid type, const std::string& value);

/// How text is made comparable.
enum class RowForm : std::uint8_t {
  plain,  ///< one text of the whole row: fastest, when both databases are UTF8 or rows are hashed
  split   ///< every column of variable text is first digested by itself, as UTF8: for other encodings (record output
          ///< quotes by the locale's idea of white space there) and for rows whose text passes 1 GB
};

/// What decides how rows are digested.
struct DigestForm {
  RowForm form = RowForm::plain;
  bool convert = false;          ///< text to UTF8 first: encodings differ, and neither is SQL_ASCII
  std::int64_t widest_text = 0;  ///< plain: longer texts are refused as PostgreSQL refuses 1 GB; 0: by PostgreSQL only
  bool hashed = false;           ///< by hashtextextended, three times as fast as md5: from 11 on, see `text_hash`
  bool counted = false;          ///< rows are counted and not digested
};

struct VerifyColumn {
  std::string name;
  Oid type = 0;
  std::string type_name;  ///< format_type: "numeric(10,2)"
};

/// The digest of one row, a bigint: of ROW(...)::text, which binds position and tells NULL from empty. Where `hashed`,
/// text of any length stands in that row by its own hash, of its bytes: PostgreSQL's hash of a numeric or a record
/// would equate 1.0 and 1.00.
std::string row_digest(const Types& types, const std::vector<VerifyColumn>& columns, DigestForm form);

}  // namespace pgpassage::migrate
