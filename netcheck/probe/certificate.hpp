#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "netcheck/topology/topology.hpp"

/// What a server showed in its TLS handshake, and what libpq would make of it. Pure.
namespace pgpassage::netcheck {

struct Certificate {
  std::string subject, issuer;     ///< RFC 2253: "CN=orders,O=Contoso"
  std::vector<std::string> names;  ///< its DNS names and addresses; the common name when it has none
  std::chrono::sys_seconds not_before, not_after;
};

/// Where the CA certificates came from against which a chain was verified.
enum class Roots {
  of_libpq,  ///< PGSSLROOTCERT, else ~/.postgresql/root.crt
  of_system  ///< there is no such file, so libpq would refuse verify-ca and verify-full
};

struct TlsPeer {
  std::string version;             ///< "TLSv1.3"
  std::string cipher;              ///< "TLS_AES_256_GCM_SHA384"
  std::vector<Certificate> chain;  ///< the server's own first
  bool name_matches = false;       ///< the certificate is for the name that was connected to
  std::string distrust;  ///< why the chain ends at no CA of `roots`, whatever the time is; empty: it ends at one
  Roots roots = Roots::of_system;
};

/// What one sslMode says to such a server.
struct SslModeVerdict {
  SslMode mode = SslMode::require;
  std::string cause;  ///< empty: it connects. "certificate-expired", "certificate-not-yet-valid",
                      ///< "certificate-untrusted", "certificate-host-name", "root-certificate-missing"
  std::string why;    ///< a sentence without a period; empty when it connects
};

/// Judges as libpq does: verify-ca wants a chain to a known CA that is valid now, verify-full the name as well, and
/// require turns into verify-ca where a root certificate file exists. The first thing wrong is named: time before
/// trust, because an expired certificate fails everywhere, and a missing root file only here. Source: PostgreSQL
/// documentation, "SSL Support", "Client Verification of Server Certificates".
SslModeVerdict verdict_of(SslMode mode, const TlsPeer& peer, std::chrono::sys_seconds now);

/// "TLSv1.3 TLS_AES_256_GCM_SHA384; CN=orders by CN=Contoso CA, for orders.example, until 2026-12-01; verify-ca and
/// verify-full would refuse: ..."
std::string describe(const TlsPeer& peer, std::chrono::sys_seconds now);

}  // namespace pgpassage::netcheck
