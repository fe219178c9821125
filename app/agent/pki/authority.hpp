#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "netcheck/base/error.hpp"

/// A certificate authority of the user's own, in one directory: who may ask an agent, and which agent is the right one.
///
///   ca.crt ca.key           the authority; ca.key is needed only to issue, renew and revoke, and may be kept elsewhere
///   server.crt server.key   for the agent
///   NAME.crt NAME.key       for a client; the first is called client
///   revoked.pem             the certificate revocation list, which a running agent reads again when it changes
///   issued                  serial and name of every certificate, one a line: renewing leaves the old ones good
///
/// Keys are ECDSA on P-256, files with a key have mode 0600, and each file appears whole or not at all.
namespace pgpassage::app::agent {

namespace fs = std::filesystem;

struct Issued {
  std::string name;
  std::string serial;  ///< upper-case hexadecimal
};

/// Makes directory, authority, server and client certificate. `hosts` are names and addresses by which clients reach
/// the agent. Errc::already_exists when the directory has an authority.
Result<void> make_authority(const fs::path& directory, const std::vector<std::string>& hosts);

/// An account of this machine that runs the agent.
struct Account {
  std::string name;
  uid_t user;
  gid_t group;
};

/// Errc::not_found when the machine has none of that name.
Result<Account> account_named(const std::string& name);

/// Gives the server's key to the account, and the directory to its group, which can read it and not change it. ca.key
/// stays with whom it belongs to. Errc::input when this user may not give files away.
Result<void> give_to(const fs::path& directory, const Account& account);

/// One more client. Errc::already_exists when its name is taken by one that is not revoked; Errc::input for a name that
/// is no file's.
Result<Issued> issue_client(const fs::path& directory, const std::string& name);

/// New certificates with new keys for the server and every client that is not revoked; the old ones stay good until
/// they expire. `hosts` empty: the names that the server's certificate has.
Result<std::vector<Issued>> renew_certificates(const fs::path& directory, const std::vector<std::string>& hosts);

/// Puts certificates on the revocation list: the one of that serial, or all that were ever issued to that name.
/// Errc::not_found when there is none, Errc::already_exists when all are on it.
Result<std::vector<Issued>> revoke_certificates(const fs::path& directory, const std::string& name_or_serial);

}  // namespace pgpassage::app::agent
