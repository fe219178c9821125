#pragma once

#include <string>

#include "app/agent/wire/tls.hpp"
#include "app/options.hpp"

/// How the operator's side reaches an agent. Reads environment and files.
namespace pgpassage::app::agent {

/// Where an agent listens.
struct Address {
  bool encrypted = true;
  std::string host;
  Port port = 7443;

  std::string display() const;  ///< "https://10.20.2.4:7443"
  bool loopback() const;        ///< its host is this machine, by an address or as localhost
};

/// "https://host:port"; http on loopback alone. Errc::input.
Result<Address> address_of_url(const std::string& url);

/// What to show to agents and whom to trust.
struct Credentials {
  TlsFiles tls;
  std::string token_file;

  bool any() const { return !tls.certificate.empty() || !token_file.empty(); }
};

/// Options first, then PGPASSAGE_AGENT_CERT, _KEY, _CA and _TOKEN_FILE, then client.crt, client.key, ca.crt and token
/// in $XDG_CONFIG_HOME/pgpassage/agent (default ~/.config/pgpassage/agent), as far as they are there. What is named by
/// option or variable is not looked for: it must be there when it is used.
Credentials credentials_of(const AgentAccess& options);

/// --agent, else PGPASSAGE_AGENT, else empty.
std::string url_of(const AgentAccess& options);

/// That directory; empty when no home is known.
std::string configuration_directory();

}  // namespace pgpassage::app::agent
