#pragma once

#include <libpq-fe.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcheck/base/address.hpp"
#include "netcheck/base/deadline.hpp"
#include "netcheck/base/error.hpp"

/// One session with a PostgreSQL server over libpq's non-blocking interface. Live.
namespace pgpassage::migrate {

/// Where to connect and as whom. The password stays where it is, in a file or in the environment, and is read for each
/// session; only an agent, to which it came over the network, holds one, in memory.
struct ServerAddress {
  std::string host;  ///< for TLS verification, .pgpass and messages
  std::optional<IpAddress>
      address;  ///< resolved by us, because libpq looks names up blockingly; absent: a socket directory
  Port port = 5432;
  std::string user;           ///< empty: libpq's default
  std::string ssl_mode;       ///< libpq's spelling; empty: libpq's default
  std::string password_file;  ///< a file whose first line is the password; empty: none
  std::string password_env;   ///< name of an environment variable that holds it; empty: libpq's own PGPASSFILE/.pgpass
  std::string extra;          ///< further libpq keywords of a URI, as "key='value' ..."; never a password
  std::string password;       ///< before file and environment; never logged, stored or given to a program as text
  bool in_topology = false;   ///< described in a file, where passwordFile and passwordEnv can be named: for cures
};

struct PgFinish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct PgClear {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PgConnection = std::unique_ptr<PGconn, PgFinish>;  ///< ends the session when it goes out of scope
using PgResult = std::unique_ptr<PGresult, PgClear>;

/// The rows of one statement, in text form.
class Rows {
 public:
  Rows() = default;
  explicit Rows(PgResult result) : result_{std::move(result)} {}

  int size() const { return result_ ? PQntuples(result_.get()) : 0; }
  bool empty() const { return size() == 0; }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }
  /// The value as text; empty for NULL.
  std::string_view text(int row, int column) const;
  long long integer(int row, int column) const;  ///< 0 for NULL
  bool boolean(int row, int column) const { return text(row, column) == "t"; }
  /// Rows that an INSERT, UPDATE, DELETE, COPY or SELECT touched.
  long long affected() const;

 private:
  PgResult result_;
};

using Parameter = std::optional<std::string>;  ///< absent: NULL

/// A session. Movable, not shared: one statement at a time. Every wait honours the coroutine's cancellation: a
/// running statement is canceled on the server, then Errc::canceled is returned and the session is closed.
class Session {
 public:
  Session() = default;
  Session(Session&&) noexcept = default;
  Session& operator=(Session&& other) noexcept;
  ~Session() = default;

  /// Opens a session with application_name pgpassage, client_encoding UTF8 and the settings that keep a copy exact
  /// (search_path empty, DateStyle ISO, IntervalStyle postgres, extra_float_digits 3, bytea_output hex,
  /// standard_conforming_strings on, timeouts off, row_security off, TimeZone UTC, default_transaction_read_only off,
  /// and whatever else would change what SQL text means or what a value looks like).
  static boost::asio::awaitable<Result<Session>> connect(ServerAddress server, std::string database, Deadline deadline);

  /// Runs one statement and returns its rows. Errors carry the server's message and SQLSTATE.
  /// Give the parameters a name first: g++ 12 does not compile `co_await query(sql, {a, b})`.
  boost::asio::awaitable<Result<Rows>> query(std::string sql, std::vector<Parameter> parameters = {});

  /// Runs several statements in one simple query; the rows of the last.
  boost::asio::awaitable<Result<Rows>> execute(std::string sql);

  /// Cancels what runs, and closes the session. Not itself cancelable; takes five seconds at most.
  boost::asio::awaitable<void> cancel();

  int server_version() const;  ///< PQserverVersion: 150020 for 15.20
  bool open() const { return connection_ != nullptr; }
  PGconn* handle() { return connection_.get(); }  ///< for migrate/copy, which streams
  boost::asio::posix::stream_descriptor& descriptor() { return *descriptor_; }

 private:
  // The descriptor only waits: libpq owns and closes the socket, so it is released before PQfinish runs.
  struct Release {
    void operator()(boost::asio::posix::stream_descriptor* descriptor) const noexcept;
  };
  PgConnection connection_;
  std::unique_ptr<boost::asio::posix::stream_descriptor, Release> descriptor_;
};

/// `"name"` quoted as an identifier; `'text'` as a literal with standard_conforming_strings on.
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view text);

}  // namespace pgpassage::migrate
