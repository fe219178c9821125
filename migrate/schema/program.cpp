#include "migrate/schema/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <cstring>

#include "migrate/log.hpp"
#include "migrate/pg/wait.hpp"

extern char** environ;

namespace pgpassage::migrate {
namespace {

namespace asio = boost::asio;
constexpr auto nothrow_awaitable = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kept_output = 64 * 1024;
constexpr std::size_t kept_errors = 8 * 1024;

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  return {ends[0], ends[1]};
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// `added` comes first: getenv in the child finds the first of a name.
std::vector<std::string> environment_with(std::vector<std::string> added) {
  for (char** variable = environ; *variable != nullptr; ++variable) added.emplace_back(*variable);
  return added;
}

Result<pid_t> start(std::vector<std::string> arguments, std::vector<std::string> environment, int output, int errors,
                    int inherited) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, errors, 2);
  if (inherited >= 0) posix_spawn_file_actions_adddup2(&files, inherited, inherited);  // only forgets close-on-exec
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  auto variables = environment_with(std::move(environment));
  pid_t child = -1;
  const int error = posix_spawn(&child, arguments.front().c_str(), &files, &attributes, pointers(arguments).data(),
                                pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail(Errc::program, "cannot run {}: {}", arguments.front(), std::strerror(error));
  return child;
}

void keep(std::string& text, std::string_view more, std::size_t limit, bool last) {
  text += more;
  if (text.size() <= limit) return;
  if (last)
    text.erase(0, text.size() - limit);
  else
    text.resize(limit);
}

// Reads what is there now; false at the end of the stream.
bool drain(int descriptor, std::string& text, std::size_t limit, bool last) {
  char chunk[16 * 1024];
  const ssize_t size = ::read(descriptor, chunk, sizeof chunk);
  if (size > 0) keep(text, {chunk, static_cast<std::size_t>(size)}, limit, last);
  return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

asio::awaitable<Result<void>> read_all(int descriptor, std::string& text, std::size_t limit, bool last) {
  asio::posix::stream_descriptor stream{co_await asio::this_coro::executor, descriptor};  // owns and closes it
  stream.non_blocking(true);
  for (;;) {
    const auto ready = co_await wait_until_ready(stream, Readiness::wait_read);
    if (!ready) co_return ready;
    if (!drain(descriptor, text, limit, last)) co_return Result<void>{};
  }
}

// Ended when its process descriptor becomes readable; no signal handler, no thread.
asio::awaitable<Result<int>> wait_for_exit(pid_t child) {
  const int process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (process < 0) co_return fail(Errc::program, "how a program ended is not known: {}", std::strerror(errno));
  asio::posix::stream_descriptor watched{co_await asio::this_coro::executor, process};
  const auto ready = co_await wait_until_ready(watched, Readiness::wait_read);
  if (!ready) co_return tl::unexpected(ready.error());
  int status = 0;
  // A parent that ignores SIGCHLD hands that on to us, and then nobody keeps the status: not known is not 0.
  if (waitpid(child, &status, 0) != child)
    co_return fail(Errc::program, "how a program ended is not known: {}", std::strerror(errno));
  co_return status;
}

asio::awaitable<Error> end(pid_t child, Error why) {
  co_await shield_from_cancellation();
  kill(-child, SIGTERM);
  co_await wait_for_exit(child);
  co_return why;
}

std::string last_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return std::string{text.substr(text.rfind('\n') + 1)};
}

// "pg_dump: error: query failed: ..." is the line that says why; what follows it is detail.
std::string telling_line(std::string_view text) {
  const auto error = text.find(": error: ");
  if (error == std::string_view::npos) return last_line(text);
  const auto start = error + 9;
  return std::string{text.substr(start, text.find('\n', start) - start)};
}

asio::awaitable<Result<ProgramOutput>> follow(pid_t child, std::string name, int output, int errors) {
  ProgramOutput result;
  // Our programs write little to standard output or close it last; the bytes of a dump go to a file.
  auto read = co_await read_all(errors, result.errors, kept_errors, true);
  const auto read_output = co_await read_all(output, result.output, kept_output, false);
  if (read) read = read_output;
  if (!read) co_return tl::unexpected(co_await end(child, read.error()));
  const auto status = co_await wait_for_exit(child);
  if (!status) co_return tl::unexpected(co_await end(child, status.error()));
  if (*status == 0) co_return result;
  if (WIFSIGNALED(*status)) co_return fail(Errc::program, "{} was ended by signal {}", name, WTERMSIG(*status));
  co_return fail(Errc::program, "{} failed: {}", name, telling_line(result.errors));
}

// NOLINTBEGIN(concurrency-mt-unsafe): nobody sets the environment
std::vector<std::filesystem::path> directories_here() {
  const char* only = std::getenv("PGPASSAGE_PG_BINDIR");
  if (only != nullptr && *only != '\0') return {only};
  const char* search_path = std::getenv("PATH");
  return program_directories(search_path == nullptr ? "" : search_path);
}
// NOLINTEND(concurrency-mt-unsafe)

}  // namespace

asio::awaitable<Result<ProgramOutput>> run_program(std::vector<std::string> arguments,
                                                   std::vector<std::string> environment, int inherited) {
  const Pipe output = make_pipe();
  const Pipe errors = make_pipe();
  if (output.read < 0 || errors.read < 0) co_return fail(Errc::io, "no more file descriptors");
  const std::string name = std::filesystem::path{arguments.front()}.filename();
  const auto child = start(std::move(arguments), std::move(environment), output.write, errors.write, inherited);
  close(output.write);
  close(errors.write);
  if (child) {
    auto ended = co_await follow(*child, name, output.read, errors.read);
    log().debug("program ended program={} succeeded={}", name, ended.has_value());
    co_return ended;
  }
  close(output.read);
  close(errors.read);
  co_return tl::unexpected(child.error());
}

asio::awaitable<Result<std::vector<ClientPrograms>>> find_programs() {
  std::vector<ClientPrograms> found;
  for (const auto& directory : directories_here()) {
    std::vector<std::string> arguments{directory / "pg_dump", "--version"};
    const auto said = co_await run_program(std::move(arguments));
    if (!said && said.error().code == Errc::canceled) co_return tl::unexpected(said.error());
    const int major = said ? program_major(said->output) : 0;
    if (major > 0) found.push_back({directory / "pg_dump", directory / "pg_restore", major});
  }
  co_return found;
}

}  // namespace pgpassage::migrate
