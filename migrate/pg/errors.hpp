#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string_view>

#include "netcheck/base/error.hpp"

/// What PostgreSQL and libpq say, as our errors. Pure.
namespace pgpassage::migrate {

/// The code that a SQLSTATE stands for; Errc::sql where none is special.
Errc errc_of_sqlstate(std::string_view sqlstate);

/// Why a statement failed. DETAIL is left out where it would quote a row (classes 22 and 23), CONTEXT always.
Error statement_error(const PGresult* result);

/// Why an open session broke.
Error connection_error(const PGconn* connection);

/// Where the password of a login comes from: what a cure may name.
enum class PasswordPlaces : std::uint8_t { of_libpq, of_topology };

/// Why no session was opened. `text` is libpq's message at verbosity PQERRORS_VERBOSE, the only form that carries the
/// SQLSTATE of a refused login; `where` is "host:port as user".
Error login_error(std::string_view text, std::string_view where, PasswordPlaces places);

/// Why no session was opened with a server that wants a password when none was found. `ignored_file`: one that libpq
/// does not read because others than its owner may; empty: none.
Error no_password(std::string_view where, PasswordPlaces places, std::string_view ignored_file = {});

}  // namespace pgpassage::migrate
