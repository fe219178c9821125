#include "tests/lab/raise.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "tests/lab/clusters.hpp"
#include "tests/lab/listeners.hpp"

namespace pgpassage::lab {
namespace {

/// A namespace has its own kernel settings. Those that a kernel does not have are left as they are.
void set_kernel(const Place& place) {
  const auto set = [](const char* name, const char* value) {
    static_cast<void>(write_file(fmt::format("/proc/sys/net/{}", name), value));
  };
  set("ipv4/ip_forward", place.forwards ? "1" : "0");
  set("ipv4/icmp_ratelimit", "0");  // else the second 'unreachable' within a second is lost and looks like a drop
  for (const char* scope : {"all", "default"}) {
    set(fmt::format("ipv4/conf/{}/rp_filter", scope).c_str(), "0");
    set(fmt::format("ipv4/conf/{}/send_redirects", scope).c_str(), "0");
    set(fmt::format("ipv6/conf/{}/disable_ipv6", scope).c_str(), "1");
  }
  // A packet that passes a fabric twice, on its way to an appliance and from it, must not look invalid.
  set("netfilter/nf_conntrack_tcp_be_liberal", "1");
}

Result<void> make_places(const LabPlan& plan) {
  const int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (const Place& place : plan.places) {
    const std::string path = namespace_path(place.name);
    if (auto made = write_file(path, ""); !made) return made;
    if (unshare(CLONE_NEWNET) != 0 || mount("/proc/self/ns/net", path.c_str(), nullptr, MS_BIND, nullptr) != 0)
      return fail(Errc::io, "cannot make the namespace {}: {}", place.name, strerror(errno));
    set_kernel(place);
  }
  const bool back = setns(home, CLONE_NEWNET) == 0;
  close(home);
  return back ? Result<void>{} : fail(Errc::io, "cannot leave a namespace: {}", strerror(errno));
}

Result<void> make_links(const LabPlan& plan) {
  std::string batch = "link set lo up\n";
  for (const Link& link : plan.links)
    batch += fmt::format("link add {} netns {} mtu {} type veth peer name {} netns {} mtu {}\n", link.one.device,
                         link.one.place, link.mtu, link.other.device, link.other.place, link.mtu);
  return run("", {"ip", "-batch", "-"}, batch, log_path("links"));
}

Result<void> set_addresses(const LabPlan& plan, const Place& place) {
  std::string batch = "link set lo up\n";
  for (const std::string& address : place.loopback) batch += fmt::format("address add {} dev lo\n", address);
  for (const Link& link : plan.links)
    for (const LinkEnd* end : {&link.one, &link.other})
      if (end->place == place.name)
        batch += fmt::format("address add {} dev {}\nlink set {} up\n", end->address, end->device, end->device);
  return run(place.name, {"ip", "-batch", "-"}, batch, log_path(place.name));
}

Result<void> raise_network(const LabPlan& plan) {
  if (auto made = make_places(plan); !made) return made;
  if (auto made = make_links(plan); !made) return made;
  for (const Place& place : plan.places) {
    if (auto done = set_addresses(plan, place); !done) return done;
    if (auto done = configure_routes(place); !done) return done;
    if (auto done = load_filter(place); !done) return done;
    if (auto done = write_resolv_conf(place); !done) return done;
  }
  return {};
}

}  // namespace

std::string log_path(const std::string& name) { return fmt::format("{}/log/{}", inside, name); }

std::string postgres_programs() {
  if (const char* given = getenv("PGPASSAGE_LAB_PGBIN")) return given;
  for (int version = 19; version >= 12; --version) {
    const std::string directory = fmt::format("/usr/lib/postgresql/{}/bin", version);
    if (access((directory + "/postgres").c_str(), X_OK) == 0) return directory;
  }
  return {};
}

Result<void> probe_programs(Servers servers) {
  const auto missing = [](const std::string& path) { return access(path.c_str(), X_OK) != 0; };
  for (const auto& [program, package] : {std::pair{"ip", "iproute2"}, {"nft", "nftables"}, {"named", "bind9"}})
    if (missing(std::string{"/usr/sbin/"} + program) && missing(std::string{"/usr/bin/"} + program))
      return fail_with_cure(Errc::program, fmt::format("apt-get install {}", package), "the lab needs {}", program);
  if (servers == Servers::listeners) return {};
  if (missing("/usr/bin/openssl"))
    return fail_with_cure(Errc::program, "apt-get install openssl", "the lab needs openssl");
  if (postgres_programs().empty())
    return fail_with_cure(Errc::program, "apt-get install postgresql-15", "the lab needs the PostgreSQL server");
  return {};
}

Result<void> configure_routes(const Place& place) {
  std::string batch;
  for (const std::string& line : place.routes) batch += line + "\n";
  return run(place.name, {"ip", "-batch", "-"}, batch, log_path(place.name));
}

Result<void> load_filter(const Place& place) {
  if (place.filter.empty()) return {};
  return run(place.name, {"nft", "-f", "-"}, place.filter, log_path(place.name));
}

Result<void> write_resolv_conf(const Place& place) {
  if (place.resolv_conf.empty()) return {};
  return write_file(fmt::format("{}/resolv/{}", inside, place.name), place.resolv_conf);
}

namespace {

Result<void> start_name_servers(const LabPlan& plan) {
  for (const NameServer& server : plan.name_servers)
    if (auto started = start_name_server(server); !started) return started;
  return {};
}

Result<void> await_name_servers(const LabPlan& plan) {
  for (const NameServer& server : plan.name_servers)
    if (auto answers = await_name_server(server); !answers) return answers;
  return {};
}

Result<void> raise_with_listeners(const LabPlan& plan) {
  if (auto raised = raise_network(plan); !raised) return raised;
  if (auto started = start_name_servers(plan); !started) return started;
  if (auto started = start_listeners(plan); !started) return started;
  return await_name_servers(plan);
}

}  // namespace

Result<void> raise(const LabPlan& plan, Auth auth, Servers servers) {
  for (const char* directory : {"log", "resolv", "named"}) mkdir(fmt::format("{}/{}", inside, directory).c_str(), 0755);
  if (servers == Servers::listeners) return raise_with_listeners(plan);
  // The slowest step runs beside all the others.
  const auto initdb = start_template(plan);
  if (!initdb) return tl::unexpected(initdb.error());
  if (auto raised = raise_network(plan); !raised) return raised;
  if (auto started = start_name_servers(plan); !started) return started;
  if (*initdb)
    if (auto finished = finish(**initdb); !finished) return finished;
  if (auto started = start_clusters(plan, auth); !started) return started;
  if (auto answers = await_name_servers(plan); !answers) return answers;
  return finish_clusters(plan);
}

}  // namespace pgpassage::lab
