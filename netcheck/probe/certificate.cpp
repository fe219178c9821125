#include "netcheck/probe/certificate.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pgpassage::netcheck {
namespace {

std::string day_of(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

SslModeVerdict verified(SslMode mode, const TlsPeer& peer, std::chrono::sys_seconds now) {
  for (const Certificate& each : peer.chain) {
    if (now > each.not_after)
      return {mode, "certificate-expired",
              fmt::format("the certificate of {} ended on {}", each.subject, day_of(each.not_after))};
    if (now < each.not_before)
      return {mode, "certificate-not-yet-valid",
              fmt::format("the certificate of {} begins on {}", each.subject, day_of(each.not_before))};
  }
  if (peer.roots == Roots::of_system)
    return {mode, "root-certificate-missing",
            "libpq has no CA certificates here: neither PGSSLROOTCERT nor ~/.postgresql/root.crt"};
  if (!peer.distrust.empty())
    return {mode, "certificate-untrusted", fmt::format("no known CA vouches for it: {}", peer.distrust)};
  if (mode == SslMode::verify_full && !peer.name_matches)
    return {mode, "certificate-host-name",
            peer.chain.empty() ? "it shows no certificate"
                               : fmt::format("it is for {}", fmt::join(peer.chain.front().names, ", "))};
  return {mode, {}, {}};
}

}  // namespace

SslModeVerdict verdict_of(SslMode mode, const TlsPeer& peer, std::chrono::sys_seconds now) {
  const bool verifies = mode == SslMode::verify_ca || mode == SslMode::verify_full ||
                        (mode == SslMode::require && peer.roots == Roots::of_libpq);
  if (!verifies) return {mode, {}, {}};
  return verified(mode, peer, now);
}

std::string describe(const TlsPeer& peer, std::chrono::sys_seconds now) {
  std::string text = fmt::format("{} {}", peer.version, peer.cipher);
  if (!peer.chain.empty()) {
    const Certificate& own = peer.chain.front();
    text += fmt::format("; {} by {}, for {}, until {}", own.subject, own.issuer, fmt::join(own.names, ", "),
                        day_of(own.not_after));
  }
  for (const SslMode mode : {SslMode::require, SslMode::verify_ca, SslMode::verify_full})
    if (const SslModeVerdict verdict = verdict_of(mode, peer, now); !verdict.cause.empty())
      return text + fmt::format("; {}{} would refuse: {}", mode == SslMode::verify_full ? "" : "from ", to_string(mode),
                                verdict.why);
  return text + "; every sslMode would accept it";
}

}  // namespace pgpassage::netcheck
