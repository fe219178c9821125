#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "netcheck/topology/reader.hpp"
#include "tests/lab/arguments.hpp"
#include "tests/lab/enclosure.hpp"
#include "tests/lab/layout.hpp"
#include "tests/lab/prober.hpp"
#include "tests/lab/process.hpp"

namespace pgpassage::lab {
namespace {

constexpr std::chrono::milliseconds patience{300};

int complain(const Error& error) {
  fmt::print(stderr, "pgpassage-lab: {}{}{}\n", error.message, error.cure.empty() ? "" : "; ", error.cure);
  return error.code == Errc::input ? 2 : 1;
}

Result<Topology> topology_of(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  auto topology = read_topology(*text);
  if (topology) return std::move(*topology);
  for (const Diagnostic& one : topology.error())
    fmt::print(stderr, "{}:{}:{}: error: {}\n", path, one.location.line, one.location.column, one.message);
  return fail(Errc::input, "{} cannot be read", path);
}

/// Inside the lab: the place that a node's name means. A full place name ("vnet.vnet-hub") is one too.
Result<std::string> place_of(const std::string& node) {
  const auto exists = [](const std::string& place) { return access(namespace_path(place).c_str(), F_OK) == 0; };
  for (const char* kind : {"host", "server", "dns", "resolver", "appliance", "endpoint", "gateway", "site", "vnet"})
    if (exists(place_name(kind, node))) return place_name(kind, node);
  if (exists(safe(node))) return safe(node);
  return fail(Errc::not_found, "the lab has no node '{}'", node);
}

/// Becomes the command, in the network namespace of the node and with its resolv.conf. Returns only on error.
int become_command(const std::string& node, const std::vector<std::string>& command) {
  const auto place = place_of(node);
  if (!place) return complain(place.error());
  const int fd = open(namespace_path(*place).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) return complain({Errc::permission, "cannot enter " + *place, {}, {}});
  const std::string names = fmt::format("{}/resolv/{}", inside, *place);
  if (access(names.c_str(), F_OK) == 0 &&
      (unshare(CLONE_NEWNS) != 0 || mount(names.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0))
    return complain({Errc::permission, fmt::format("cannot set /etc/resolv.conf: {}", strerror(errno)), {}, {}});
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  return complain({Errc::program, fmt::format("cannot run {}: {}", command.front(), strerror(errno)), {}, {}});
}

Result<void> make_state(const std::string& directory, const std::string& file) {
  std::error_code error;
  if (std::filesystem::exists(directory, error) && !std::filesystem::is_empty(directory, error))
    return fail_with_cure(Errc::already_exists, "down it, or choose another", "{} is not empty", directory);
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Errc::io, "{}: {}", directory, error.message());
  chmod(directory.c_str(), 0755);  // by its bound path PostgreSQL's account reaches its data
  const auto text = read_file(file);
  return text ? write_file(directory + "/topology", *text) : tl::unexpected(text.error());
}

void remove_state(const std::string& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
}

/// What the first process does before anything else: build, or say why not.
bool build(const LabPlan& plan, const Arguments& arguments) {
  for (const std::string& sentence : plan.not_raised) fmt::print(stderr, "not raised: {}\n", sentence);
  const auto raised = raise(plan, arguments.auth, arguments.servers);
  if (!raised) complain(raised.error());
  return raised.has_value();
}

/// The first process reaps what the lab's programs leave, for as long as the lab lives.
[[noreturn]] void keep() {
  for (;;)
    if (waitpid(-1, nullptr, 0) < 0) pause();
}

int keep_in_background(const LabPlan& plan, const Arguments& arguments, int ready) {
  setsid();
  if (!build(plan, arguments)) return 1;
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, fd);
  static_cast<void>(!write(ready, "r", 1));
  close(ready);
  static_cast<void>(!chdir("/"));
  keep();
}

int up(const Arguments& arguments) {
  const auto topology = topology_of(arguments.names.front());
  if (!topology) return complain(topology.error());
  if (auto made = make_state(arguments.state, arguments.names.front()); !made) return complain(made.error());
  const LabPlan plan = compile(*topology);
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return complain({Errc::io, "pipe", {}, {}});
  const auto keeper = enclose(arguments.state, false, [&] { return keep_in_background(plan, arguments, ready[1]); });
  close(ready[1]);
  char byte = 0;
  const bool built = keeper && remember(arguments.state, *keeper) && read(ready[0], &byte, 1) == 1;
  if (built) {
    fmt::print("ready\n");
    return 0;
  }
  if (!keeper)
    complain(keeper.error());
  else
    static_cast<void>(end(*keeper));
  fmt::print(stderr, "pgpassage-lab: the logs are in {}/log\n", arguments.state);
  return 1;
}

/// First process of `run`: build, run the command as a child, hand its exit status out.
int run_inside(const LabPlan& plan, const Arguments& arguments) {
  if (!build(plan, arguments)) return 1;
  const pid_t child = fork();
  if (child == 0) {
    if (!arguments.node.empty()) _exit(become_command(arguments.node, arguments.command));
    std::vector<char*> words;
    for (const std::string& one : arguments.command) words.push_back(const_cast<char*>(one.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(complain(
        {Errc::program, fmt::format("cannot run {}: {}", arguments.command.front(), strerror(errno)), {}, {}}));
  }
  int status = 0;
  for (pid_t ended = 0; ended != child;) ended = waitpid(-1, &status, 0);
  return exit_code(status);
}

pid_t running = -1;  // for the signal handler only
extern "C" void stop_running(int) {
  if (running > 0) kill(running, SIGKILL);
}

int run_command(Arguments arguments) {
  const auto topology = topology_of(arguments.names.front());
  if (!topology) return complain(topology.error());
  if (arguments.state.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "pgpassage-lab.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return complain({Errc::io, "no temporary directory", {}, {}});
    arguments.state = pattern;
  }
  if (auto made = make_state(arguments.state, arguments.names.front()); !made) return complain(made.error());
  const LabPlan plan = compile(*topology);
  setenv("PGPASSAGE_LAB_STATE", arguments.state.c_str(), 1);
  const auto keeper = enclose(arguments.state, true, [&] { return run_inside(plan, arguments); });
  if (!keeper) return complain(keeper.error());
  running = *keeper;
  for (const int one : {SIGTERM, SIGINT, SIGHUP}) signal(one, stop_running);
  static_cast<void>(remember(arguments.state, *keeper));
  int status = 0;
  while (waitpid(*keeper, &status, 0) < 0 && errno == EINTR) {
  }
  remove_state(arguments.state);
  return exit_code(status);
}

Result<LabPlan> running_plan() {
  const auto topology = topology_of(fmt::format("{}/topology", inside));
  if (!topology) return tl::unexpected(topology.error());
  return compile(*topology);
}

int apply_inside(const LabPlan& next, const std::string& text) {
  const auto now = running_plan();
  if (!now) return complain(now.error());
  const auto changed = apply(*now, next);
  if (!changed) return complain(changed.error());
  if (auto kept = write_file(fmt::format("{}/topology", inside), text); !kept) return complain(kept.error());
  for (const std::string& one : *changed) fmt::print("changed: {}\n", one);
  if (changed->empty()) fmt::print("nothing to change\n");
  return fflush(stdout);
}

int apply_file(const Arguments& arguments) {
  const auto text = read_file(arguments.names.front());
  const auto topology = topology_of(arguments.names.front());
  if (!text || !topology) return complain(!text ? text.error() : topology.error());
  const LabPlan next = compile(*topology);
  const auto code = enter(arguments.state, [&] { return apply_inside(next, *text); });
  return code ? *code : complain(code.error());
}

int hits_inside() {
  const auto plan = running_plan();
  if (!plan) return complain(plan.error());
  const auto rules = hits(*plan);
  if (!rules) return complain(rules.error());
  for (const std::string& rule : *rules) fmt::print("{}\n", rule);
  return fflush(stdout);
}

Result<Attempt> attempt_of(const std::string& word) {
  const auto last = word.rfind(':');
  const auto middle = last == std::string::npos ? last : word.rfind(':', last - 1);
  if (middle == std::string::npos) return fail(Errc::input, "'{}' is not NODE:ADDRESS:PORT", word);
  const auto address = IpAddress::parse(word.substr(middle + 1, last - middle - 1));
  const auto place = place_of(word.substr(0, middle));
  if (!address) return fail(Errc::input, "'{}' has no address", word);
  if (!place) return tl::unexpected(place.error());
  return Attempt{*place, *address, static_cast<Port>(std::atoi(word.c_str() + last + 1))};
}

int probe_inside(const std::vector<std::string>& words) {
  std::vector<Attempt> attempts;
  for (const std::string& word : words) {
    const auto one = attempt_of(word);
    if (!one) return complain(one.error());
    attempts.push_back(*one);
  }
  const auto outcomes = probe(attempts, patience);
  for (std::size_t i = 0; i < words.size(); ++i) fmt::print("{} {}\n", words[i], to_string(outcomes[i]));
  return fflush(stdout);
}

int down(const Arguments& arguments) {
  const auto keeper = keeper_of(arguments.state);
  if (!keeper && !std::filesystem::exists(arguments.state + "/topology")) return complain(keeper.error());
  if (keeper)
    if (auto ended = end(*keeper); !ended) return complain(ended.error());
  remove_state(arguments.state);
  return 0;
}

int print_plan(const std::string& file) {
  const auto topology = topology_of(file);
  if (!topology) return complain(topology.error());
  const LabPlan plan = compile(*topology);
  for (const Place& place : plan.places) {
    fmt::print("## {}\n", place.name);
    for (const std::string& line : place.routes) fmt::print("{}\n", line);
    fmt::print("{}{}", place.filter, place.resolv_conf);
  }
  for (const NameServer& server : plan.name_servers) {
    fmt::print("## DNS server at {} in {}\n{}", server.listen, server.place, config_text(server, "."));
    for (const ZoneFile& zone : server.zones) fmt::print("; zone {}\n{}", zone.name, zone.text);
  }
  for (const Cluster& cluster : plan.clusters)
    fmt::print("## PostgreSQL {} in {} port {}\n", cluster.server, cluster.place, cluster.port);
  for (const std::string& sentence : plan.not_raised) fmt::print("not raised: {}\n", sentence);
  return 0;
}

int in_lab(const Arguments& arguments, const std::function<int()>& body) {
  const auto code = enter(arguments.state, body);
  return code ? *code : complain(code.error());
}

int dispatch(const Arguments& arguments) {
  const std::string& verb = arguments.verb;
  if (verb == "plan") return print_plan(arguments.names.front());
  if (verb == "down") return down(arguments);
  if (auto there = probe_programs(arguments.servers); !there) return complain(there.error());
  if (verb == "up") return up(arguments);
  if (verb == "run") return run_command(arguments);
  if (verb == "apply") return apply_file(arguments);
  if (verb == "hits") return in_lab(arguments, hits_inside);
  if (verb == "probe") return in_lab(arguments, [&] { return probe_inside(arguments.names); });
  return in_lab(arguments, [&] { return become_command(arguments.names.front(), arguments.command); });
}

}  // namespace
}  // namespace pgpassage::lab

int main(int count, char** values) {
  const auto arguments = pgpassage::lab::parse_arguments({values + 1, values + count});
  if (arguments) return pgpassage::lab::dispatch(*arguments);
  fmt::print(stderr, "pgpassage-lab: {}\n{}", arguments.error().message, pgpassage::lab::usage);
  return 2;
}
