#pragma once

#include <string>
#include <string_view>

#include "netcheck/base/probe_step.hpp"

/// The first message of a session and what a server answers to it. Pure.
namespace pgpassage::netcheck {

/// StartupMessage of protocol 3.0 for `user` and `database`, with application_name pgpassage.
/// Source: PostgreSQL documentation, "Message Formats", StartupMessage.
std::string startup_message(std::string_view user, std::string_view database);

/// The answer so far.
struct StartupAnswer {
  enum class Kind {
    incomplete,    ///< more bytes are needed
    wants_login,   ///< the server asks for a proof: `evidence` names the authentication method
    admitted,      ///< without a proof (trust, peer, a certificate), up to ReadyForQuery
    refused,       ///< an ErrorResponse: `cause` says why
    not_postgres,  ///< these are no messages of the protocol
  };
  Kind kind = Kind::incomplete;
  std::string evidence;  ///< the server's words, or the method as pg_hba.conf spells it
  std::string cause;     ///< refused, not_postgres: see cause_of_refusal
};

/// Reads every byte received since the startup message. At most 64 KB are looked at: a longer answer is not_postgres.
StartupAnswer startup_answer_of(std::string_view bytes);

/// Why a server does not let a session begin, by SQLSTATE: "pg-hba", "role-refused", "wrong-password",
/// "database-missing", "database-forbidden", "too-many-connections", "starting-up"; "startup-refused" for all else.
/// `routine` tells a refusal by pg_hba.conf from a role that does not exist; both are 28000.
/// Source: PostgreSQL documentation, "PostgreSQL Error Codes".
std::string cause_of_refusal(std::string_view sqlstate, std::string_view routine);

}  // namespace pgpassage::netcheck
