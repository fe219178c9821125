#include "tests/live/cluster.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace pgpassage::live {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void give_up(const std::string& why) { throw std::runtime_error{why}; }

// PostgreSQL refuses to run as root, so root's tests run it as postgres.
const passwd* server_user() { return geteuid() == 0 ? getpwnam("postgres") : nullptr; }

pid_t run_as_server(const std::vector<std::string>& arguments, const fs::path& log) {
  const passwd* user = server_user();
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  if (user != nullptr &&
      (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which clears it: no server outlives its test
  if (getppid() != parent) _exit(126);
  setpgid(0, 0);  // Ctrl-C in the test's terminal is not for the server
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  dup2(output, 1);
  dup2(output, 2);
  if (chdir("/") != 0) _exit(126);
  execv(argv[0], argv.data());
  _exit(127);
}

void give_to_server(const fs::path& path) {
  const passwd* user = server_user();
  if (user != nullptr && chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) give_up("cannot chown " + path.string());
}

void run_to_end(const std::vector<std::string>& arguments, const fs::path& log) {
  int status = 0;
  if (waitpid(run_as_server(arguments, log), &status, 0) < 0 || status != 0)
    give_up(arguments.front() + " failed, see " + log.string());
}

// Made once per user and version, and kept: initdb takes longer than most tests. A lock, because ctest runs in
// parallel.
fs::path template_directory(const fs::path& programs) {
  const fs::path base = fs::temp_directory_path() / ("pgpassage-template-" + std::to_string(geteuid()));
  fs::create_directories(base);
  give_to_server(base);
  const int lock = open((base / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  flock(lock, LOCK_EX);
  std::string name = programs.string();
  std::replace(name.begin(), name.end(), '/', '-');
  const fs::path made = base / name;
  if (!fs::exists(made / "PG_VERSION")) {
    const fs::path fresh = base / "fresh";
    fs::remove_all(fresh);
    run_to_end({programs / "initdb", "-D", fresh, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-A",
                "trust"},
               base / "initdb.log");
    fs::rename(fresh, made);
  }
  close(lock);
  return made;
}

Port free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) give_up("no free port");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

void write_settings(const fs::path& data, const fs::path& sockets, Port port, const std::vector<std::string>& more) {
  std::ofstream conf{data / "postgresql.conf", std::ios::app};
  conf << "\nlisten_addresses = '127.0.0.1'\nport = " << port << "\nunix_socket_directories = '" << sockets.string()
       << "'\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\nautovacuum = off\nshared_buffers = 32MB\n"
          "wal_level = logical\nmax_connections = 60\nmax_wal_size = 4GB\nlog_min_messages = warning\n";
  for (const auto& line : more) conf << line << '\n';
  std::ofstream hba{data / "pg_hba.conf", std::ios::trunc};
  hba << "local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
}

double cpu_of(const fs::path& process) {
  std::ifstream file{process / "stat"};
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields{line.substr(name_end + 2)};
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double own_user = 0, own_system = 0, ended_user = 0, ended_system = 0;
  fields >> own_user >> own_system >> ended_user >> ended_system;
  return (own_user + own_system + ended_user + ended_system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

bool child_of(const fs::path& process, pid_t parent) {
  std::ifstream file{process / "status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PPid:")) return std::stoi(line.substr(5)) == parent;
  return false;
}

}  // namespace

fs::path server_programs() {
  fs::path newest;
  int newest_major = 0;
  std::error_code ignored;
  for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql", ignored}) {
    const int major = std::atoi(version.path().filename().c_str());
    if (major <= newest_major || !fs::exists(version.path() / "bin/postgres")) continue;
    newest_major = major;
    newest = version.path() / "bin";
  }
  return newest;
}

fs::path server_programs_of(int major) {
  const fs::path debian = fs::path{"/usr/lib/postgresql"} / std::to_string(major) / "bin";
  if (fs::exists(debian / "postgres")) return debian;
  const char* more = std::getenv("PGPASSAGE_TEST_SERVERS");
  std::istringstream directories{more == nullptr ? "" : more};
  for (std::string directory; std::getline(directories, directory, ':');) {
    std::ifstream catalog{fs::path{directory} / "../share/postgresql/postgres.bki"};
    std::string line;  // "# PostgreSQL 12"
    if (std::getline(catalog, line) && line == "# PostgreSQL " + std::to_string(major)) return directory;
  }
  return {};
}

Cluster::Cluster(std::vector<std::string> settings, fs::path programs)
    : settings_{std::move(settings)}, programs_{std::move(programs)}, port_{free_port()} {
  std::string name = fs::temp_directory_path() / "pgp-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) give_up("cannot make a directory in " + fs::temp_directory_path().string());
  directory_ = name;
  give_to_server(directory_);
  run_to_end({"/bin/cp", "-a", template_directory(programs_), directory_ / "data"}, directory_ / "log");
  write_settings(directory_ / "data", directory_, port_, settings_);
  start();
}

Cluster::~Cluster() {
  stop(SIGQUIT);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Cluster::start() {
  postmaster_ = run_as_server({programs_ / "postgres", "-D", directory_ / "data"}, directory_ / "log");
  const int watch = static_cast<int>(syscall(SYS_pidfd_open, postmaster_, 0));
  const std::string conninfo = "host=127.0.0.1 user=postgres dbname=postgres port=" + std::to_string(port_);
  while (PQping(conninfo.c_str()) != PQPING_OK) {
    pollfd ended{watch, POLLIN, 0};  // a server that dies is noticed at once; one that starts is asked again
    if (poll(&ended, 1, 20) != 0) give_up("the server did not start, see " + (directory_ / "log").string());
  }
  close(watch);
}

void Cluster::stop(int signal) {
  if (postmaster_ <= 0) return;
  kill(postmaster_, signal);
  waitpid(postmaster_, nullptr, 0);
  postmaster_ = -1;
}

migrate::ServerAddress Cluster::address(std::string user) const {
  return {.host = "127.0.0.1", .address = IpAddress::parse("127.0.0.1"), .port = port_, .user = std::move(user)};
}

void Cluster::run(const std::string& sql, const std::string& database) const { ask(sql, database); }

std::string Cluster::ask(const std::string& sql, const std::string& database) const {
  const std::string port = std::to_string(port_);
  const migrate::PgConnection connection{
      PQsetdbLogin("127.0.0.1", port.c_str(), nullptr, nullptr, database.c_str(), "postgres", nullptr)};
  const migrate::PgResult result{PQexec(connection.get(), sql.c_str())};
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) give_up(PQerrorMessage(connection.get()));
  if (PQntuples(result.get()) == 0) return {};
  return PQgetvalue(result.get(), 0, 0);
}

double Cluster::cpu_seconds() const {
  double total = cpu_of("/proc/" + std::to_string(postmaster_));  // with its ended children
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator{"/proc", ignored})
    if (std::isdigit(static_cast<unsigned char>(process.path().filename().native().front())) != 0 &&
        child_of(process.path(), postmaster_))
      total += cpu_of(process.path());
  return total;
}

}  // namespace pgpassage::live
