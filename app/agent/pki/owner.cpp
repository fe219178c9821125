#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "app/agent/pki/authority.hpp"

namespace pgpassage::app::agent {
namespace {

constexpr auto for_the_group = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec;
constexpr auto owner_stays = static_cast<uid_t>(-1);

bool give(const fs::path& file, uid_t user, gid_t group) { return chown(file.c_str(), user, group) == 0; }

}  // namespace

Result<Account> account_named(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> texts{};
  if (getpwnam_r(name.c_str(), &entry, texts.data(), texts.size(), &found) == 0 && found != nullptr)
    return Account{name, found->pw_uid, found->pw_gid};
  return fail(Errc::not_found, "there is no user {} on this machine", name);
}

Result<void> give_to(const fs::path& directory, const Account& account) {
  if (!give(directory / "server.key", account.user, account.group) || !give(directory, owner_stays, account.group))
    return fail_with_cure(Errc::input, "run it as root", "cannot give {} to {}: {}", directory.string(), account.name,
                          std::strerror(errno));
  std::error_code error;
  fs::permissions(directory, for_the_group, error);
  if (error) return fail(Errc::input, "cannot open {} to {}: {}", directory.string(), account.name, error.message());
  return {};
}

}  // namespace pgpassage::app::agent
