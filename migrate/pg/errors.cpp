#include "migrate/pg/errors.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace pgpassage::migrate {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  return text;
}

bool is_sqlstate(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) || std::isupper(c); });
}

// "FATAL:  28P01: password authentication failed": the position of the SQLSTATE, or npos.
std::size_t sqlstate_position(std::string_view text) {
  for (auto colon = text.find(":  "); colon != std::string_view::npos; colon = text.find(":  ", colon + 1)) {
    const auto state = colon + 3;
    if (state + 7 <= text.size() && text.substr(state + 5, 2) == ": " && is_sqlstate(text.substr(state, 5)))
      return state;
  }
  return std::string_view::npos;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string cure_of_connect(std::string_view words) {
  if (has(words, "translate host name")) return "check the name's spelling, and which DNS server this machine asks";
  if (has(words, "does not support SSL"))
    return "turn TLS on there (ssl = on), or allow sessions without it: sslmode=prefer in a URI, sslMode in a topology";
  if (has(words, "certificate"))
    return "name the server as its certificate does and give its CA's certificate (sslrootcert in a URI, or "
           "PGSSLROOTCERT); sslmode require checks neither";
  if (has(words, "SSL")) return "check sslmode, and which versions of TLS both sides allow";
  return "check host, port and firewall, and that the server is running";
}

std::string cure_of_login(Errc code, std::string_view words, PasswordPlaces places) {
  if (has(words, "unsupported startup parameter"))
    return "name the server itself: this is a connection pooler (PgBouncer), which does not keep a session's snapshot";
  if (code == Errc::connect_failed) return cure_of_connect(words);
  if (code != Errc::refused_login) return {};
  if (has(words, "no encryption") || has(words, "SSL off"))
    return "connect with TLS (sslmode require), or admit this login without it in the server's pg_hba.conf";
  return places == PasswordPlaces::of_topology ? "check user, passwordFile or passwordEnv, and the server's pg_hba.conf"
                                               : "check the user, its entry in ~/.pgpass or in the file that "
                                                 "PGPASSFILE names, and the server's pg_hba.conf";
}

}  // namespace

Errc errc_of_sqlstate(std::string_view sqlstate) {
  const std::string_view class_ = sqlstate.substr(0, 2);
  if (class_ == "08" || sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03") return Errc::connection_lost;
  if (class_ == "28") return Errc::refused_login;
  if (sqlstate == "42501") return Errc::permission;
  if (sqlstate == "53100") return Errc::disk_full;
  return Errc::sql;
}

Error statement_error(const PGresult* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  Error error{errc_of_sqlstate(state), std::string{field(result, PG_DIAG_MESSAGE_PRIMARY)}, std::string{state},
              std::string{field(result, PG_DIAG_MESSAGE_HINT)}};
  if (error.message.empty()) error.message = trimmed(PQresultErrorMessage(result));
  if (state.empty()) error.code = Errc::connection_lost;  // libpq's own words: the server said nothing
  const std::string_view detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  const bool quotes_a_row = state.starts_with("22") || state.starts_with("23");
  if (!detail.empty() && !quotes_a_row) error.message += fmt::format(" ({})", detail);
  return error;
}

Error connection_error(const PGconn* connection) {
  return {Errc::connection_lost, std::string{trimmed(first_line(PQerrorMessage(connection)))}, {}, {}};
}

Error no_password(std::string_view where, PasswordPlaces places, std::string_view ignored_file) {
  if (!ignored_file.empty())
    return {Errc::refused_login,
            fmt::format("cannot log in to {}: no password supplied: libpq does not read {}, which others may read",
                        where, ignored_file),
            {},
            fmt::format("chmod 600 {}", ignored_file)};
  return {Errc::refused_login,
          fmt::format("cannot log in to {}: no password supplied", where),
          {},
          places == PasswordPlaces::of_topology ? "give passwordFile or passwordEnv, or an entry in ~/.pgpass"
                                                : "give it an entry in ~/.pgpass or in the file that PGPASSFILE names"};
}

Error login_error(std::string_view text, std::string_view where, PasswordPlaces places) {
  const auto position = sqlstate_position(text);
  if (position == std::string_view::npos) {
    auto words = trimmed(text);
    if (const auto failed = words.find(" failed: "); failed != std::string_view::npos) words.remove_prefix(failed + 9);
    return {Errc::connect_failed,
            fmt::format("cannot connect to {}: {}", where, first_line(words)),
            {},
            cure_of_connect(words)};
  }
  const std::string state{text.substr(position, 5)};
  const auto words = trimmed(first_line(text.substr(position + 7)));
  Errc code = errc_of_sqlstate(state);
  if (state == "3D000") code = Errc::not_found;
  if (code == Errc::sql || code == Errc::connection_lost) code = Errc::connect_failed;
  return {code, fmt::format("cannot log in to {}: {}", where, words), state, cure_of_login(code, words, places)};
}

}  // namespace pgpassage::migrate
