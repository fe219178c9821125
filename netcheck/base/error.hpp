#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace pgpassage {

/// What a caller can act on; main() turns it into the exit code (contract 3).
enum class Errc {
  input,            ///< the file, the command line or a value in them is wrong; nothing was done
  not_found,        ///< a migration, file or object of that name does not exist
  already_exists,   ///< the name is taken
  connect_failed,   ///< no session could be opened
  connection_lost,  ///< an open session broke: reconnecting may help
  refused_login,    ///< the server answered and does not let this user in
  timed_out,        ///< the deadline passed
  permission,       ///< the server or the operating system does not allow it
  unsupported,      ///< the documents or the versions do not allow it
  disk_full,        ///< a disk, here or on a server, has no room left
  sql,              ///< PostgreSQL refused a statement; `sqlstate` says how
  program,          ///< a program we run (pg_dump, pg_restore) is missing, too old or failed
  io,               ///< reading or writing here failed
  canceled,         ///< somebody asked to stop
  differs,          ///< source and target are not the same
  internal,         ///< a bug of ours
};

struct Error {
  Errc code = Errc::internal;
  std::string message;   ///< one sentence for a person; no secrets, no trailing period
  std::string sqlstate;  ///< five characters when PostgreSQL said it, else empty
  std::string cure;      ///< what the person can do about it; empty when the message says it all
};

/// The one convention for what can fail because of the world or its input.
template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(Errc::input, "'{}' is not a port", text);`
template <class... Args>
tl::unexpected<Error> fail(Errc code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...), {}, {}});
}

/// The same with a cure: `return fail_with_cure(Errc::program, "apt-get install ...", "pg_dump is not installed");`
template <class... Args>
tl::unexpected<Error> fail_with_cure(Errc code, std::string cure, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...), {}, std::move(cure)});
}

/// True when the session is gone but a new one may well succeed: by code or by SQLSTATE class 08, 57P01-57P03.
bool connection_lost(const Error& error);

}  // namespace pgpassage
