#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <stdexcept>

#include "program.hpp"

/// Ctrl-C and SIGTERM, sent to the real binary while it waits for a file and while it waits for the network.
namespace pgpassage::app {
namespace {

using testing::HasSubstr;

constexpr int canceled = 4;
constexpr const char* message = "pgpassage: error: canceled before there was a result\n";

/// The binary with its streams in files of the workplace, and with the signals as a terminal would leave them.
class Program {
 public:
  Program(const Workplace& work, std::vector<std::string> arguments) : work_{work} {
    arguments.insert(arguments.begin(), PGPASSAGE_BINARY);
    pid_ = ::fork();
    if (pid_ == 0) become(arguments);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (pid_ > 0) ::kill(pid_, SIGKILL), ::waitpid(pid_, nullptr, 0);
  }

  ProgramResult end_by(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), work_.read("out"), work_.read("err")};
  }

 private:
  [[noreturn]] void become(std::vector<std::string>& arguments) const {
    if (::chdir(work_.path("").c_str()) != 0) ::_exit(99);
    for (const auto& [name, descriptor] : {std::pair{"out", STDOUT_FILENO}, std::pair{"err", STDERR_FILENO}})
      ::dup2(::open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600), descriptor);
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
    std::vector<char*> raw;
    for (std::string& argument : arguments) raw.push_back(argument.data());
    raw.push_back(nullptr);
    ::execv(raw.front(), raw.data());
    ::_exit(99);
  }

  const Workplace& work_;
  pid_t pid_ = -1;
};

/// A server that takes connections and says nothing.
class Silence {
 public:
  Silence() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_ANY)}, .sin_zero = {}};
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, raw, size) != 0 || ::listen(socket_, 8) != 0 || ::getsockname(socket_, raw, &size) != 0)
      throw std::runtime_error{"no port to listen on"};
    port_ = ntohs(address.sin_port);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (peer_ >= 0) ::close(peer_);
    ::close(socket_);
  }

  int port() const { return port_; }
  void await_a_connection() { peer_ = ::accept(socket_, nullptr, nullptr); }

 private:
  int socket_;
  int peer_ = -1;
  int port_ = 0;
};

/// A site on this machine's loopback, with the source and a host that asks it.
std::string on_this_machine(int port) {
  return R"(apiVersion: pgpassage/v1
metadata: {name: on-this-machine}
virtualNetworks:
  - name: vnet
    addressPrefixes: [10.0.0.0/16]
    subnets: [{name: servers, addressPrefix: 10.0.0.0/24, delegations: [Microsoft.DBforPostgreSQL/flexibleServers]}]
sites: [{name: here, kind: onPremises, addressPrefixes: [127.0.0.0/8]}]
servers:
  - {name: t, kind: flexibleServer, access: vnetIntegrated, virtualNetwork: vnet, subnet: servers}
  - {name: s, kind: onPremises, access: private, site: here, ipAddress: 127.0.0.2, port: )" +
         std::to_string(port) + R"(}
hosts: [{name: h, site: here, ipAddress: 127.0.0.1, standsFor: t}]
migration: {name: m, source: s, target: t, databases: [d]}
)";
}

class Interruption : public testing::TestWithParam<int> {
 protected:
  Workplace work_;
};

TEST_P(Interruption, EndsACheckThatWaitsForItsFile) {
  ASSERT_EQ(::mkfifo(work_.path("pipe").c_str(), 0600), 0);
  Program check{work_, {"check", "pipe"}};
  const int writer = ::open(work_.path("pipe").c_str(), O_WRONLY);  // returns when check has opened the other end
  const ProgramResult result = check.end_by(GetParam());
  ::close(writer);
  EXPECT_EQ(result.exit_code, canceled);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.error, message);
}

TEST_P(Interruption, EndsAProbeThatWaitsForTheNetwork) {
  Silence server;
  work_.write("here.yaml", on_this_machine(server.port()));
  Program probe{work_, {"probe", "here.yaml", "--time-limit", "600", "--format", "json"}};
  server.await_a_connection();
  const ProgramResult result = probe.end_by(GetParam());
  EXPECT_EQ(result.exit_code, canceled);
  EXPECT_EQ(result.error, message);
  EXPECT_THAT(boost::json::serialize(boost::json::parse(result.output).at("errors")), HasSubstr("canceled"));
}

INSTANTIATE_TEST_SUITE_P(BySignal, Interruption, testing::Values(SIGINT, SIGTERM),
                         [](const auto& test) { return test.param == SIGINT ? "Interrupt" : "Terminate"; });

}  // namespace
}  // namespace pgpassage::app
