#include "app/agent/pki/authority.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>

#include "app/agent/pki/x509.hpp"
#include "app/agent/wire/tls.hpp"
#include "netcheck/probe/x509.hpp"

namespace pgpassage::app::agent {
namespace {

Result<void> check_hosts(const std::vector<std::string>& hosts) {
  const auto in_host = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == ':';
  };
  for (const std::string& host : hosts)
    if (host.empty() || host.size() > 253 || !std::ranges::all_of(host, in_host))
      return fail(Errc::input, "'{}' is neither a name nor an address", host);
  return {};
}

Result<Issued> issue(const fs::path& directory, const Pair& authority, const Wanted& wanted) {
  const auto pair = make_pair(wanted, &authority);
  if (!pair) return tl::unexpected(pair.error());
  const Identity identity = identity_of(*pair->certificate);
  // Before the certificate exists, or it might be one that nobody can revoke by its name.
  std::ofstream record{directory / "issued", std::ios::app};
  if (!(record << identity.serial << ' ' << identity.name << std::endl))
    return fail(Errc::input, "cannot write {}", (directory / "issued").string());
  if (const auto written = write_pair(*pair, directory / wanted.name); !written) return tl::unexpected(written.error());
  return Issued{identity.name, identity.serial};
}

/// Every certificate, oldest first.
std::vector<Issued> issued_in(const fs::path& directory) {
  std::vector<Issued> all;
  std::ifstream record{directory / "issued"};
  for (Issued one; record >> one.serial >> one.name;) all.push_back(one);
  return all;
}

/// What the directory's commands work with.
struct Office {
  Pair authority;
  RevocationList revoked;
  std::vector<Issued> issued;
};

Result<Office> open_office(const fs::path& directory) {
  auto authority = read_pair(directory / "ca");
  if (!authority)
    return fail_with_cure(Errc::input, "`pgpassage agent init` makes one", "{}", authority.error().message);
  auto revoked = read_revoked(directory / "revoked.pem");
  if (!revoked) return tl::unexpected(revoked.error());
  return Office{std::move(*authority), std::move(*revoked), issued_in(directory)};
}

/// The names whose newest certificate is good.
std::vector<std::string> good_names(const Office& office) {
  std::map<std::string, bool> good;
  for (const Issued& one : office.issued) good[one.name] = !is_revoked(*office.revoked, one.serial);
  std::vector<std::string> names;
  for (const auto& [name, valid] : good)
    if (valid) names.push_back(name);
  return names;
}

}  // namespace

Result<void> make_authority(const fs::path& directory, const std::vector<std::string>& hosts) {
  if (const auto sound = check_hosts(hosts); !sound) return sound;
  std::error_code error;
  if (fs::exists(directory / "ca.crt", error) || fs::exists(directory / "ca.key", error))
    return fail_with_cure(Errc::already_exists, "`pgpassage agent issue NAME` adds a client, `agent renew` renews",
                          "{} has an authority already", directory.string());
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) return fail(Errc::input, "cannot make {}: {}", directory.string(), error.message());
  const auto authority =
      make_pair({.name = "pgpassage agent CA", .use = Use::authority, .hosts = {}, .days = 3653}, nullptr);
  if (!authority) return tl::unexpected(authority.error());
  for (const Wanted& wanted :
       {Wanted{"server", Use::server, hosts}, Wanted{.name = "client", .use = Use::client, .hosts = {}}})
    if (const auto made = issue(directory, *authority, wanted); !made) return tl::unexpected(made.error());
  auto none = read_revoked(directory / "revoked.pem");
  if (!none) return tl::unexpected(none.error());
  if (auto written = write_revoked(std::move(*none), {}, *authority, directory / "revoked.pem"); !written)
    return written;
  return write_pair(*authority, directory / "ca");
}

Result<Issued> issue_client(const fs::path& directory, const std::string& name) {
  const auto in_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, in_name) || name.front() == '-' || name == "ca")
    return fail(Errc::input, "'{}' cannot be the name of a client: use letters, digits, - and _", name);
  const auto office = open_office(directory);
  if (!office) return tl::unexpected(office.error());
  const auto taken = good_names(*office);
  if (name == "server" || std::ranges::find(taken, name) != taken.end())
    return fail_with_cure(Errc::already_exists, "revoke it, or take another name",
                          "there is a certificate '{}' already", name);
  return issue(directory, office->authority, {.name = name, .use = Use::client, .hosts = {}});
}

Result<std::vector<Issued>> renew_certificates(const fs::path& directory, const std::vector<std::string>& hosts) {
  if (const auto sound = check_hosts(hosts); !sound) return tl::unexpected(sound.error());
  const auto office = open_office(directory);
  if (!office) return tl::unexpected(office.error());
  std::vector<Issued> renewed;
  for (const std::string& name : good_names(*office)) {
    const auto old = read_certificate(directory / (name + ".crt"));
    if (!old) return tl::unexpected(old.error());
    Wanted wanted{.name = name, .use = name == "server" ? Use::server : Use::client, .hosts = {}};
    if (wanted.use == Use::server) wanted.hosts = hosts.empty() ? netcheck::alternative_names(old->get()) : hosts;
    auto made = issue(directory, office->authority, wanted);
    if (!made) return tl::unexpected(made.error());
    renewed.push_back(std::move(*made));
  }
  return renewed;
}

Result<std::vector<Issued>> revoke_certificates(const fs::path& directory, const std::string& name_or_serial) {
  auto office = open_office(directory);
  if (!office) return tl::unexpected(office.error());
  std::string serial = name_or_serial;
  std::ranges::transform(serial, serial.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::vector<Issued> meant;
  for (const Issued& one : office->issued)
    if (one.name == name_or_serial || one.serial == serial) meant.push_back(one);
  if (meant.empty())
    return fail(Errc::not_found, "{} has issued no certificate of that name or serial: {}", directory.string(),
                name_or_serial);
  std::erase_if(meant, [&](const Issued& one) { return is_revoked(*office->revoked, one.serial); });
  if (meant.empty()) return fail(Errc::already_exists, "{} is revoked already", name_or_serial);
  std::vector<std::string> serials;
  for (const Issued& one : meant) serials.push_back(one.serial);
  auto written = write_revoked(std::move(office->revoked), serials, office->authority, directory / "revoked.pem");
  if (!written) return tl::unexpected(written.error());
  return meant;
}

}  // namespace pgpassage::app::agent
