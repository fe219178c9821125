#pragma once

#include <openssl/x509.h>

#include <string>
#include <vector>

#include "netcheck/probe/certificate.hpp"

/// OpenSSL's certificates as values. No I/O.
namespace pgpassage::netcheck {

/// The DNS names and addresses in its alternative name, as they stand there.
std::vector<std::string> alternative_names(const X509* certificate);

Certificate certificate_of(X509* certificate);

/// Whether it is for `host`, a DNS name or an address, as libpq compares: no partial wildcards.
bool is_for(X509* certificate, const std::string& host);

}  // namespace pgpassage::netcheck
