#include "app/agent/server/access.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/stat.h>

#include <fstream>

#include "app/agent/log.hpp"

namespace pgpassage::app::agent {
namespace {

constexpr std::size_t least_token = 32;
constexpr std::string_view scheme = "Bearer ";

std::array<unsigned char, 32> digest_of(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

Result<std::array<unsigned char, 32>> token_in(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  if (!std::getline(file, line)) return fail(Errc::input, "cannot read the token file {}", path);
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() < least_token)
    return fail_with_cure(Errc::input, "make one: openssl rand -hex 32",
                          "the token in {} is shorter than {} characters", path, least_token);
  return digest_of(line);
}

}  // namespace

bool knows_token(const Keys& keys, std::string_view authorization) {
  if (!keys.token) return true;
  if (!authorization.starts_with(scheme)) return false;
  const auto shown = digest_of(authorization.substr(scheme.size()));
  return CRYPTO_memcmp(shown.data(), keys.token->data(), shown.size()) == 0;
}

Result<Access> Access::open(AccessFiles files) {
  Access access{std::move(files)};
  access.read_at_ = access.stamp();
  auto keys = access.read();
  if (!keys) return tl::unexpected(keys.error());
  access.keys_ = std::move(*keys);
  return access;
}

std::shared_ptr<const Keys> Access::keys() {
  const Stamp now = stamp();
  if (now == read_at_) return keys_;
  read_at_ = now;
  if (auto changed = read()) {
    keys_ = std::move(*changed);
    log().info("certificates and token read again");
  } else {
    log().error("certificates or token changed and cannot be used, the former ones stay reason={}",
                changed.error().message);
  }
  return keys_;
}

Access::Stamp Access::stamp() const {
  Stamp stamp{};
  std::size_t next = 0;
  for (const std::string* path :
       {&files_.tls.certificate, &files_.tls.key, &files_.tls.ca, &files_.tls.revoked, &files_.token}) {
    auto& mark = stamp[next++];
    struct stat status {};
    if (path->empty() || ::stat(path->c_str(), &status) != 0) continue;
    mark = {static_cast<std::int64_t>(status.st_ino), status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  }
  return stamp;
}

Result<std::shared_ptr<const Keys>> Access::read() const {
  auto keys = std::make_shared<Keys>();
  if (files_.encrypted()) {
    auto tls = server_tls(files_.tls);
    if (!tls) return tl::unexpected(tls.error());
    keys->tls = std::move(*tls);
  }
  if (!files_.token.empty()) {
    const auto token = token_in(files_.token);
    if (!token) return tl::unexpected(token.error());
    keys->token = *token;
  }
  return std::shared_ptr<const Keys>{std::move(keys)};
}

}  // namespace pgpassage::app::agent
