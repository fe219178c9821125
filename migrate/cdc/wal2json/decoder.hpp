#pragma once

#include <memory>

#include "migrate/cdc/change.hpp"
#include "netcheck/base/error.hpp"

namespace pgpassage::migrate::cdc {

/// How the slot was started.
struct Wal2jsonOptions {
  /// With numeric-data-types-as-string (wal2json 2.6 on): NaN and the infinities are texts. Without, they are written
  /// as null, and every null of real, double precision and numeric is `unreadable`.
  bool numbers_as_text = false;
};

/// Reads format 2 of wal2json, started with include-types off and include-type-oids on: types by name are not always
/// valid JSON (a quoted name with a schema), and without any, bytea and boolean could not be told.
///
/// A column that an UPDATE leaves out was not touched (TOAST). TRUNCATE comes table by table and never says RESTART
/// IDENTITY. Errc::unsupported for what is no such change.
/// Source: wal2json 2.5 and 2.6, README and pg_decode_write_change.
class Wal2jsonDecoder {
 public:
  explicit Wal2jsonDecoder(Wal2jsonOptions options = {});
  Wal2jsonDecoder(Wal2jsonDecoder&&) noexcept;
  Wal2jsonDecoder& operator=(Wal2jsonDecoder&&) noexcept;
  ~Wal2jsonDecoder();

  /// Holds until the next call.
  Result<const Change*> read(const Message& message);

 private:
  class Reading;  // keeps simdjson out of this header
  std::unique_ptr<Reading> reading_;
};

}  // namespace pgpassage::migrate::cdc
