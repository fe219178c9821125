#include "netcheck/probe/x509.hpp"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "netcheck/probe/server_error.hpp"

namespace pgpassage::netcheck {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeBio> bio{BIO_new(BIO_s_mem())};
  char* text = nullptr;
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  const long length = BIO_get_mem_data(bio.get(), &text);
  return excerpt({text, static_cast<std::size_t>(length)});
}

std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds{std::chrono::seconds{timegm(&parts)}};
}

std::string text_of(const ASN1_STRING* string) {
  const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {bytes, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string text_of(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) return text_of(name->d.dNSName);
  if (name->type != GEN_IPADD) return {};
  const std::string bytes = text_of(name->d.iPAddress);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : bytes.size() == 16 ? AF_INET6 : AF_UNSPEC;
  if (family == AF_UNSPEC || inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string common_name_of(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return excerpt(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
}

}  // namespace

std::vector<std::string> alternative_names(const X509* certificate) {
  std::vector<std::string> all;
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
    if (std::string name = text_of(sk_GENERAL_NAME_value(names.get(), i)); !name.empty())
      all.push_back(std::move(name));
  return all;
}

Certificate certificate_of(X509* certificate) {
  Certificate result{.subject = text_of(X509_get_subject_name(certificate)),
                     .issuer = text_of(X509_get_issuer_name(certificate)),
                     .names = {},
                     .not_before = time_of(X509_get0_notBefore(certificate)),
                     .not_after = time_of(X509_get0_notAfter(certificate))};
  for (const std::string& name : alternative_names(certificate)) result.names.push_back(excerpt(name));
  if (result.names.empty())
    if (std::string name = common_name_of(certificate); !name.empty()) result.names.push_back(std::move(name));
  return result;
}

bool is_for(X509* certificate, const std::string& host) {
  if (IpAddress::parse(host)) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
  return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

}  // namespace pgpassage::netcheck
