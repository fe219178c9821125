#include "tests/lab/enclosure.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "tests/lab/plan.hpp"
#include "tests/lab/process.hpp"

namespace pgpassage::lab {
namespace {

constexpr unsigned lab_user = 1000;  // PostgreSQL refuses to run as user 0, even of a user namespace
constexpr const char* inside_variable = "PGPASSAGE_LAB_INSIDE";

/// Keeps the capabilities of the user namespace across exec: ip and nft need them, and user 1000 loses them.
void keep_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (syscall(SYS_capget, &header, sets) != 0) return;
  for (auto& set : sets) set.inheritable = set.permitted;
  syscall(SYS_capset, &header, sets);
  for (unsigned long one = 0; one <= 63; ++one) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, one, 0, 0);
}

Result<void> map_user(pid_t child) {
  const std::string process = "/proc/" + std::to_string(child);
  if (auto denied = write_file(process + "/setgroups", "deny"); !denied) return denied;
  if (auto user = write_file(process + "/uid_map", fmt::format("{} {} 1", lab_user, geteuid())); !user) return user;
  return write_file(process + "/gid_map", fmt::format("{} {} 1", lab_user, getegid()));
}

bool mounted(const char* source, const char* target, const char* type, unsigned long flags) {
  if (mount(source, target, type, flags, nullptr) == 0) return true;
  dprintf(STDERR_FILENO, "cannot mount %s: %s\n", target, strerror(errno));
  return false;
}

/// Some systems keep /etc/resolv.conf as a link into /run, which is empty here: give it a file to be bound over.
void restore_resolv_conf() {
  char target[4096];
  const ssize_t length = readlink("/etc/resolv.conf", target, sizeof target - 1);
  if (length <= 0) return;
  std::string path{target, static_cast<std::size_t>(length)};
  if (path.starts_with("../")) path = path.substr(2);
  if (!path.starts_with("/run/")) return;
  for (std::size_t slash = path.find('/', 5); slash != std::string::npos; slash = path.find('/', slash + 1))
    mkdir(path.substr(0, slash).c_str(), 0755);
  static_cast<void>(write_file(path, ""));
}

bool furnish(const std::string& directory) {
  const int kept = open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);  // it may lie under /run itself
  const std::string bound = "/proc/self/fd/" + std::to_string(kept);
  if (!mounted("none", "/", nullptr, MS_REC | MS_PRIVATE) || !mounted("proc", "/proc", "proc", 0)) return false;
  if (!mounted("none", "/run", "tmpfs", 0)) return false;
  mkdir("/run/lab", 0755);
  mkdir("/run/netns", 0755);
  restore_resolv_conf();
  return mounted(bound.c_str(), "/run/lab", nullptr, MS_BIND);
}

[[noreturn]] void first_process(const std::string& directory, bool dies_with_caller, int go,
                                const std::function<int()>& body) {
  if (dies_with_caller) prctl(PR_SET_PDEATHSIG, SIGKILL);
  char byte = 0;
  if (read(go, &byte, 1) != 1) _exit(1);  // the caller could not map the user, or is gone
  close(go);
  if (geteuid() != 0) keep_capabilities();
  setenv(inside_variable, directory.c_str(), 1);
  _exit(furnish(directory) ? body() : 1);
}

/// The 22nd field of stat: when the process was started. With the process id it names a process for good. Empty when
/// it has ended, also while nobody has asked for its exit status.
std::string start_time(pid_t pid) {
  const auto stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return {};
  std::istringstream fields{stat->substr(stat->rfind(')') + 2)};
  std::string field;
  fields >> field;
  if (field == "Z") return {};
  for (int i = 4; i <= 22; ++i) fields >> field;
  return field;
}

bool join_one(pid_t keeper, const char* kind, int type) {
  const std::string path = fmt::format("/proc/{}/ns/{}", keeper, kind);
  struct stat theirs {};
  struct stat ours {};
  if (stat(path.c_str(), &theirs) == 0 && stat(fmt::format("/proc/self/ns/{}", kind).c_str(), &ours) == 0 &&
      theirs.st_ino == ours.st_ino)
    return true;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool joined = fd >= 0 && setns(fd, type) == 0;
  if (fd >= 0) close(fd);
  return joined;
}

Result<void> join_enclosure(const std::string& directory) {
  const char* there = getenv(inside_variable);
  if (there != nullptr && directory == there) return {};
  const auto keeper = keeper_of(directory);
  if (!keeper) return tl::unexpected(keeper.error());
  char home[4096];
  const bool known = getcwd(home, sizeof home) != nullptr;
  // The user namespace first: it gives the right to join the others. /proc is the caller's until mnt is joined.
  if (!join_one(*keeper, "user", CLONE_NEWUSER) || !join_one(*keeper, "pid", CLONE_NEWPID) ||
      !join_one(*keeper, "net", CLONE_NEWNET) || !join_one(*keeper, "mnt", CLONE_NEWNS))
    return fail(Errc::permission, "cannot enter the lab in {}: {}", directory, strerror(errno));
  if (known && chdir(home) != 0) return fail(Errc::io, "{} is not there inside the lab", home);
  return {};
}

}  // namespace

int exit_code(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

Result<pid_t> enclose(const std::string& directory, bool dies_with_caller, const std::function<int()>& body) {
  const bool rootless = geteuid() != 0;
  int go[2];
  if (pipe2(go, O_CLOEXEC) != 0) return fail(Errc::io, "pipe: {}", strerror(errno));
  const unsigned long flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | SIGCHLD | (rootless ? CLONE_NEWUSER : 0);
  const auto child = static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (child < 0)
    return fail_with_cure(Errc::permission, "run as root, or allow user namespaces (kernel.unprivileged_userns_clone)",
                          "cannot make namespaces: {}", strerror(errno));
  if (child == 0) {
    close(go[1]);
    first_process(directory, dies_with_caller, go[0], body);
  }
  close(go[0]);
  if (auto mapped = rootless ? map_user(child) : Result<void>{}; !mapped) {
    close(go[1]);
    return tl::unexpected(mapped.error());
  }
  const bool told = write(go[1], "g", 1) == 1;
  close(go[1]);
  if (!told) return fail(Errc::io, "the lab's first process died at once");
  return child;
}

Result<void> remember(const std::string& directory, pid_t keeper) {
  return write_file(directory + "/keeper", fmt::format("{} {}\n", keeper, start_time(keeper)));
}

Result<pid_t> keeper_of(const std::string& directory) {
  const auto text = read_file(directory + "/keeper");
  if (!text) return fail(Errc::not_found, "there is no lab in {}", directory);
  std::istringstream fields{*text};
  pid_t keeper = 0;
  std::string started;
  fields >> keeper >> started;
  if (keeper <= 0 || started.empty() || start_time(keeper) != started)
    return fail(Errc::not_found, "the lab in {} runs no longer", directory);
  return keeper;
}

Result<int> enter(const std::string& directory, const std::function<int()>& body) {
  if (auto joined = join_enclosure(directory); !joined) return tl::unexpected(joined.error());
  const pid_t child = fork();  // a process namespace is entered by children only
  if (child < 0) return fail(Errc::io, "fork: {}", strerror(errno));
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv(inside_variable, directory.c_str(), 1);
    if (geteuid() != 0) keep_capabilities();
    _exit(body());
  }
  // The terminal sends its signals to both; the child decides what they mean.
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_code(status);
}

Result<void> end(pid_t keeper) {
  const auto fd = static_cast<int>(syscall(SYS_pidfd_open, keeper, 0));
  if (fd < 0) return errno == ESRCH ? Result<void>{} : fail(Errc::io, "process {}: {}", keeper, strerror(errno));
  if (syscall(SYS_pidfd_send_signal, fd, SIGKILL, nullptr, 0) != 0 && errno != ESRCH)
    return fail(Errc::permission, "cannot end process {}: {}", keeper, strerror(errno));
  // The first process of a process namespace ends last: the kernel waits for all the others.
  pollfd ended{fd, POLLIN, 0};
  while (poll(&ended, 1, 10'000) < 0 && errno == EINTR) {
  }
  close(fd);
  return ended.revents != 0 ? Result<void>{} : fail(Errc::timed_out, "process {} does not end", keeper);
}

}  // namespace pgpassage::lab
