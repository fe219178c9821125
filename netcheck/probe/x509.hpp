#pragma once

#include <openssl/x509.h>

#include <string>

#include "netcheck/probe/certificate.hpp"

/// OpenSSL's certificates as values. No I/O.
namespace pgpassage::netcheck {

Certificate certificate_of(X509* certificate);

/// Whether it is for `host`, a DNS name or an address, as libpq compares: no partial wildcards.
bool is_for(X509* certificate, const std::string& host);

}  // namespace pgpassage::netcheck
