#include "tests/lab/clusters.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include "tests/lab/layout.hpp"

namespace pgpassage::lab {
namespace {

using namespace std::chrono_literals;

struct PgFinish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using PgConn = std::unique_ptr<PGconn, PgFinish>;
struct PgClear {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
struct PgFree {
  void operator()(char* text) const noexcept { PQfreemem(text); }
};
using PgText = std::unique_ptr<char, PgFree>;

std::string data_directory(const std::string& name) { return fmt::format("{}/pg/{}", inside, safe(name)); }
std::string secret_path(const std::string& name) { return fmt::format("{}/secrets/{}", inside, name); }

Result<std::string> random_password() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return fail(Errc::io, "no random numbers");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

Result<void> finish_all(const std::vector<Child>& children) {
  Result<void> result;
  for (const Child& child : children)
    if (auto finished = finish(child); !finished && result) result = finished;
  return result;
}

/// Runs one program for each cluster, all at once.
template <class Make>
Result<void> for_each_cluster(const LabPlan& plan, Make command) {
  std::vector<Child> children;
  for (const Cluster& cluster : plan.clusters) {
    const Command one = command(cluster);
    if (one.empty()) continue;
    auto child = start("", one, log_path("cluster." + safe(cluster.server)), As::postgres);
    if (!child) return tl::unexpected(child.error());
    children.push_back(*child);
  }
  return finish_all(children);
}

Command certificate(const Cluster& cluster) {
  if (!cluster.tls) return {};
  std::string names;
  for (const std::string& name : cluster.names) {
    const bool address = IpAddress::parse(name).has_value();
    names += fmt::format("{}{}:{}", names.empty() ? "" : ",", address ? "IP" : "DNS", name);
  }
  const std::string directory = data_directory(cluster.server);
  return {"openssl",
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "30",
          "-subj",
          "/CN=" + cluster.names.front().substr(0, 64),
          "-addext",
          "subjectAltName=" + names,
          "-keyout",
          directory + "/server.key",
          "-out",
          directory + "/server.crt"};
}

Command server_command(const Cluster& cluster, Auth auth) {
  const std::string directory = data_directory(cluster.server);
  Command command{postgres_programs() + "/postgres", "-D", directory};
  const auto set = [&](const std::string& setting) { command.insert(command.end(), {"-c", setting}); };
  set("listen_addresses=0.0.0.0");
  set(fmt::format("port={}", cluster.port));
  set("unix_socket_directories=" + directory);
  set("hba_file=" + fmt::format("{}/pg/hba.{}", inside, auth == Auth::scram ? "scram" : "trust"));
  set("wal_level=logical");
  set("max_connections=100");
  set("shared_buffers=64MB");
  set("fsync=off");  // the lab's data need not survive anything
  set("full_page_writes=off");
  if (cluster.tls) set("ssl=on");
  return command;
}

Result<void> write_access_rules() {
  for (const auto& [name, method] : {std::pair{"trust", "trust"}, std::pair{"scram", "scram-sha-256"}}) {
    const std::string text =
        fmt::format("local all all trust\nhost all all 0.0.0.0/0 {0}\nhost replication all 0.0.0.0/0 {0}\n", method);
    if (auto written = write_file(fmt::format("{}/pg/hba.{}", inside, name), text); !written) return written;
  }
  return {};
}

/// What happens to a directory's files from now on: a server writes into postmaster.pid that it is ready.
class Changes {
 public:
  explicit Changes(const std::string& directory) : watch_{inotify_init1(IN_CLOEXEC | IN_NONBLOCK)} {
    inotify_add_watch(watch_, directory.c_str(), IN_CREATE | IN_MODIFY | IN_MOVED_TO);
  }
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;
  ~Changes() { ::close(watch_); }

  /// Returns at the next one, also at one that was missed; false when there is none in time.
  bool await_one(std::chrono::milliseconds patience) {
    pollfd changed{watch_, POLLIN, 0};
    if (::poll(&changed, 1, static_cast<int>(patience.count())) != 1) return false;
    char events[4096];
    while (::read(watch_, events, sizeof events) > 0) {
    }
    return true;
  }

 private:
  int watch_;
};

Result<PgConn> connect(const Cluster& cluster) {
  const std::string conninfo = fmt::format("host={} port={} user=postgres dbname=postgres connect_timeout=5",
                                           data_directory(cluster.server), cluster.port);
  Changes changes{data_directory(cluster.server)};
  while (PQping(conninfo.c_str()) != PQPING_OK)
    if (!changes.await_one(30s))
      return fail(Errc::connect_failed, "the cluster of {} does not start: see log/cluster.{}", cluster.server,
                  safe(cluster.server));
  PgConn connection{PQconnectdb(conninfo.c_str())};
  if (PQstatus(connection.get()) != CONNECTION_OK)
    return fail(Errc::connect_failed, "{}: {}", cluster.server, PQerrorMessage(connection.get()));
  return connection;
}

/// The server is sent the verifier, never the password: its log may hold the statement.
Result<void> set_role(PGconn* connection, const std::string& verb, const std::string& user,
                      const std::string& password) {
  const PgText verifier{PQencryptPasswordConn(connection, password.c_str(), user.c_str(), "scram-sha-256")};
  const PgText name{PQescapeIdentifier(connection, user.data(), user.size())};
  if (!verifier || !name) return fail(Errc::sql, "{}", PQerrorMessage(connection));
  const std::string sql =
      fmt::format("{} {} {} PASSWORD '{}'", verb, name.get(),
                  verb == "CREATE ROLE" ? "LOGIN CREATEDB CREATEROLE REPLICATION" : "", verifier.get());
  const std::unique_ptr<PGresult, PgClear> result{PQexec(connection, sql.c_str())};
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return fail(Errc::sql, "{}", PQerrorMessage(connection));
  return {};
}

Result<void> prepare_roles(const Cluster& cluster, const std::string& superuser, std::string& pgpass) {
  auto connection = connect(cluster);
  if (!connection) return tl::unexpected(connection.error());
  if (auto done = set_role(connection->get(), "ALTER ROLE", "postgres", superuser); !done) return done;
  const auto remember = [&](const std::string& user, const std::string& password) {
    for (const std::string& name : cluster.names)
      pgpass += fmt::format("{}:{}:*:{}:{}\n", name, cluster.port, user, password);
  };
  remember("postgres", superuser);
  if (cluster.user.empty() || cluster.user == "postgres")
    return write_file(secret_path(safe(cluster.server)), superuser + "\n", 0600);
  const auto password = random_password();
  if (!password) return tl::unexpected(password.error());
  if (auto done = set_role(connection->get(), "CREATE ROLE", cluster.user, *password); !done) return done;
  remember(cluster.user, *password);
  return write_file(secret_path(safe(cluster.server)), *password + "\n", 0600);
}

}  // namespace

Result<std::optional<Child>> start_template(const LabPlan& plan) {
  const std::string directory = fmt::format("{}/pg", inside);
  mkdir(directory.c_str(), 0755);
  mkdir(secret_path("").c_str(), 0700);
  if (plan.clusters.empty()) return std::nullopt;
  if (auto written = write_access_rules(); !written) return tl::unexpected(written.error());
  if (const passwd* account = geteuid() == 0 ? getpwnam("postgres") : nullptr)
    if (chown(directory.c_str(), account->pw_uid, account->pw_gid) != 0)
      return fail(Errc::io, "cannot give {} to postgres", directory);
  auto child = start("",
                     {postgres_programs() + "/initdb", "-D", directory + "/template", "-U", "postgres", "-A", "trust",
                      "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions"},
                     log_path("initdb"), As::postgres);
  if (!child) return tl::unexpected(child.error());
  return *child;
}

Result<void> start_clusters(const LabPlan& plan, Auth auth) {
  const std::string copy = data_directory("template");
  auto copied = for_each_cluster(plan, [&](const Cluster& cluster) -> Command {
    return {"cp", "-a", "--reflink=auto", copy, data_directory(cluster.server)};
  });
  if (!copied) return copied;
  if (auto made = for_each_cluster(plan, certificate); !made) return made;
  for (const Cluster& cluster : plan.clusters) {
    auto child =
        start(cluster.place, server_command(cluster, auth), log_path("cluster." + safe(cluster.server)), As::postgres);
    if (!child) return tl::unexpected(child.error());
  }
  return {};
}

Result<void> finish_clusters(const LabPlan& plan) {
  const auto superuser = random_password();
  if (!superuser) return tl::unexpected(superuser.error());
  if (auto written = write_file(secret_path("superuser"), *superuser + "\n", 0600); !written) return written;
  std::string pgpass;
  for (const Cluster& cluster : plan.clusters)
    if (auto done = prepare_roles(cluster, *superuser, pgpass); !done) return done;
  return write_file(secret_path("pgpass"), pgpass, 0600);
}

}  // namespace pgpassage::lab
