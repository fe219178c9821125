#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <stdexcept>

#include "app/interruption.hpp"
#include "program.hpp"
#include "tests/live/child.hpp"

/// Ctrl-C and SIGTERM, sent to the real binary while it waits for a file and while it waits for the network.
namespace pgpassage::app {
namespace {

using testing::StartsWith;

constexpr int canceled = 4;
const std::string message = "pgpassage: error: canceled before there was a result\n";

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
  live::Child check{{"check", work_.path("pipe")}, {}};
  const int writer = ::open(work_.path("pipe").c_str(), O_WRONLY);  // returns when check has opened the other end
  check.signal(GetParam());
  EXPECT_EQ(check.output(), message);
  EXPECT_EQ(check.exit_code(), canceled);
  ::close(writer);
}

TEST_P(Interruption, EndsAProbeThatWaitsForTheNetwork) {
  Silence server;
  work_.write("here.yaml", on_this_machine(server.port()));
  live::Child probe{{"probe", work_.path("here.yaml"), "--time-limit", "600", "--format", "json"}, {}};
  server.await_a_connection();
  probe.signal(GetParam());
  const std::string output = probe.output();
  ASSERT_THAT(output, StartsWith(message));
  const auto document = boost::json::parse(output.substr(message.size()));
  EXPECT_EQ(document.at("errors").at(0).at("message"), "canceled before there was a result");
  EXPECT_EQ(probe.exit_code(), canceled);
}

volatile std::sig_atomic_t delivered = 0;
void count(int) { delivered = delivered + 1; }

TEST_P(Interruption, WaitsWhileItIsHeldAndIsForgottenWhenItCameTooLate) {
  delivered = 0;
  const auto before = std::signal(GetParam(), count);
  {
    InterruptionHeld held;
    std::raise(GetParam());
    EXPECT_EQ(delivered, 0);
    {
      const InterruptionAwaited awaited;
      EXPECT_EQ(delivered, 1);
    }
    std::raise(GetParam());
    held.drop();
  }
  EXPECT_EQ(delivered, 1);
  std::signal(GetParam(), before);
}

INSTANTIATE_TEST_SUITE_P(BySignal, Interruption, testing::Values(SIGINT, SIGTERM),
                         [](const auto& test) { return test.param == SIGINT ? "Interrupt" : "Terminate"; });

}  // namespace
}  // namespace pgpassage::app
