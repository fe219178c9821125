#include "app/server_address.hpp"

#include <libpq-fe.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace pgpassage::app {

using migrate::ServerAddress;

namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// What of libpq's is passed on: TLS, Kerberos, and how a dead peer is noticed. Nothing that changes how a session
/// reads or writes (options, client_encoding, replication), which would break the copy behind our back, and nothing
/// that leads to a file of settings or secrets that the state could not name (service, passfile).
constexpr std::array passed_on{"sslcompression",
                               "sslcert",
                               "sslkey",
                               "sslcertmode",
                               "sslrootcert",
                               "sslcrl",
                               "sslcrldir",
                               "sslsni",
                               "sslnegotiation",
                               "ssl_min_protocol_version",
                               "ssl_max_protocol_version",
                               "channel_binding",
                               "require_auth",
                               "requirepeer",
                               "gssencmode",
                               "krbsrvname",
                               "gsslib",
                               "gssdelegation",
                               "target_session_attrs",
                               "keepalives",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout"};

void add_extra(std::string& extra, std::string_view keyword, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  extra += fmt::format("{}{}='{}'", extra.empty() ? "" : " ", keyword, quoted);
}

Result<void> take(UriServer& into, std::string_view keyword, std::string_view value, std::string_view option) {
  if (keyword == "password" || keyword == "sslpassword")
    return fail_with_cure(Errc::input, "leave it out and use PGPASSFILE or ~/.pgpass, or a topology with passwordFile",
                          "{} has a password in it, which everybody on this machine could see in the process list",
                          option);
  if (keyword == "host") {
    if (value.find(',') != value.npos)
      return fail_with_cure(Errc::input, "give the one that is to be read or written", "{} names several hosts",
                            option);
    into.server.host = value;
  } else if (keyword == "hostaddr") {
    into.server.address = IpAddress::parse(value);
    if (!into.server.address) return fail(Errc::input, "'{}' in {} is not an address", value, option);
    add_extra(into.server.extra, keyword, value);  // for the state: `verify NAME` asks the same server
  } else if (keyword == "port") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into.server.port);
    if (error != std::errc{} || end != value.data() + value.size() || into.server.port == 0)
      return fail(Errc::input, "'{}' in {} is not a port", value, option);
  } else if (keyword == "user") {
    into.server.user = value;
  } else if (keyword == "dbname") {
    into.database = value;
  } else if (keyword == "service") {
    // Where it leads is in a file of libpq's: the state could not say which server was meant.
    return fail_with_cure(Errc::input, "write host, port and user out", "{} names a service", option);
  } else if (keyword == "sslmode") {
    static constexpr std::array<std::string_view, 6> known{"disable", "allow",     "prefer",
                                                           "require", "verify-ca", "verify-full"};
    if (std::find(known.begin(), known.end(), value) == known.end())
      return fail(Errc::input, "'{}' in {} is not an sslmode: {}", value, option, fmt::join(known, ", "));
    into.server.ssl_mode = value;
  } else if (keyword == "passfile") {
    return fail_with_cure(Errc::input, "set PGPASSFILE to it", "{} names a password file", option);
  } else if (std::find(passed_on.begin(), passed_on.end(), keyword) != passed_on.end()) {
    add_extra(into.server.extra, keyword, value);
  } else if (keyword != "application_name" && keyword != "fallback_application_name") {  // sessions are ours to name
    return fail_with_cure(Errc::input,
                          fmt::format("leave it out; what may stand there: {}", fmt::join(passed_on, ", ")),
                          "{} has the keyword {}, which pgpassage does not pass on", option, keyword);
  }
  return {};
}

}  // namespace

Result<UriServer> server_of_uri(std::string_view uri, std::string_view option) {
  char* reason = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options{PQconninfoParse(std::string{uri}.c_str(), &reason)};
  PQfreemem(reason);  // it may quote the text, and the text may hold a password
  if (!options)
    return fail_with_cure(Errc::input, "write postgresql://user@host:5432/database", "{} is not a connection URI",
                          option);
  UriServer result;
  for (const PQconninfoOption* one = options.get(); one->keyword; ++one)
    if (one->val)
      if (auto taken = take(result, one->keyword, one->val, option); !taken) return tl::unexpected(taken.error());
  if (result.server.host.empty() && result.server.address) result.server.host = result.server.address->to_string();
  if (result.server.host.empty())
    return fail_with_cure(Errc::input,
                          "write postgresql://user@host:5432/database, a socket as ?host=/var/run/postgresql",
                          "{} names no host", option);
  return result;
}

ServerAddress server_of(const Server& server) {
  ServerAddress address{.host = !server.custom_host.empty() ? server.custom_host : server.fqdn,
                        .address = std::nullopt,
                        .port = server.port,
                        .user = server.user,
                        .ssl_mode = server.ssl_mode ? to_string(*server.ssl_mode) : "",
                        .password_file = server.password_file,
                        .password_env = server.password_env,
                        .extra = {},
                        .in_topology = true};
  if (address.host.empty() && server.ip_address) address.host = server.ip_address->to_string();
  return address;
}

ServerAddress server_of(const migrate::Endpoint& endpoint) {
  return {.host = endpoint.host,
          .address = std::nullopt,
          .port = endpoint.port,
          .user = endpoint.user,
          .ssl_mode = endpoint.ssl_mode,
          .password_file = {},
          .password_env = {},
          .extra = endpoint.extra};
}

migrate::Endpoint endpoint_of(const ServerAddress& server) {
  return {.host = server.host,
          .port = server.port,
          .user = server.user,
          .server = {},
          .type = {},
          .ssl_mode = server.ssl_mode,
          .extra = server.extra};
}

}  // namespace pgpassage::app
