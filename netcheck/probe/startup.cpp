#include "netcheck/probe/startup.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <utility>

#include "netcheck/probe/server_error.hpp"

namespace pgpassage::netcheck {
namespace {

using Kind = StartupAnswer::Kind;

constexpr std::uint32_t protocol_3_0 = 196608;
constexpr std::size_t most_bytes = 65536;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  return boost::endian::load_big_u32(reinterpret_cast<const unsigned char*>(bytes.data()) + at);
}

std::string number(std::uint32_t value) {
  std::string bytes(4, '\0');
  boost::endian::store_big_u32(reinterpret_cast<unsigned char*>(bytes.data()), value);
  return bytes;
}

/// As pg_hba.conf spells them. Source: PostgreSQL documentation, "Message Formats", Authentication*.
std::string method_of(std::uint32_t code, std::string_view rest) {
  switch (code) {
    case 2:
    case 7: return "gss";
    case 3: return "password (in clear)";
    case 5: return "md5";
    case 9: return "sspi";
    case 10: return fmt::format("{}", excerpt(rest.substr(0, rest.find('\0'))));  // SASL: the first mechanism
    default: return fmt::format("method {}", code);
  }
}

StartupAnswer refusal(std::string_view message) {
  const auto error = server_error_of(message);
  if (!error) return {Kind::not_postgres, "an error that cannot be read", "not-postgres"};
  return {Kind::refused, in_words(*error), cause_of_refusal(error->sqlstate, error->routine)};
}

}  // namespace

std::string startup_message(std::string_view user, std::string_view database) {
  std::string body = number(protocol_3_0);
  const std::array<std::pair<std::string_view, std::string_view>, 3> parameters{
      {{"user", user}, {"database", database}, {"application_name", "pgpassage"}}};
  for (const auto& [name, value] : parameters) body.append(name).append(1, '\0').append(value).append(1, '\0');
  body.append(1, '\0');
  return number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

StartupAnswer startup_answer_of(std::string_view bytes) {
  std::string_view rest = bytes.substr(0, most_bytes);
  while (rest.size() >= 5) {
    const std::size_t length = number_at(rest, 1);
    if (length < 4 || length > most_bytes || std::string_view{"RESKZNv"}.find(rest.front()) == std::string_view::npos)
      return {Kind::not_postgres, excerpt(bytes), "not-postgres"};
    if (rest.size() < length + 1) break;
    const std::string_view message = rest.substr(0, length + 1);
    rest.remove_prefix(message.size());
    if (message.front() == 'E') return refusal(message);
    if (message.front() == 'Z') return {Kind::admitted, "trust: no proof was asked for", {}};
    if (message.front() != 'R' || message.size() < 9) continue;
    const std::uint32_t code = number_at(message, 5);
    if (code != 0) return {Kind::wants_login, method_of(code, message.substr(9)), {}};
  }
  if (bytes.size() > most_bytes)
    return {Kind::not_postgres, "more than a server says before a session", "not-postgres"};
  return {};
}

std::string cause_of_refusal(std::string_view sqlstate, std::string_view routine) {
  if (sqlstate == "28000") return routine == "ClientAuthentication" ? "pg-hba" : "role-refused";
  if (sqlstate == "28P01") return "wrong-password";
  if (sqlstate == "3D000") return "database-missing";
  if (sqlstate == "42501") return "database-forbidden";
  if (sqlstate == "53300") return "too-many-connections";
  if (sqlstate == "57P03") return "starting-up";
  return "startup-refused";
}

}  // namespace pgpassage::netcheck
