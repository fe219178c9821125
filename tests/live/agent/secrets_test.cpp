#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/live/agent/world.hpp"

/// The password of the servers, looked for wherever it must not be.
namespace pgpassage::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

/// Every packet of the namespace, from now until it is asked for.
class Traffic {
 public:
  Traffic() : socket_{socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL))} {
    reader_ = std::thread{[this] {
      char packet[65536];
      for (pollfd ready{socket_, POLLIN, 0}; !stopped_;)
        if (poll(&ready, 1, 50) > 0)
          if (const ssize_t size = recv(socket_, packet, sizeof packet, 0); size > 0)
            bytes_.append(packet, static_cast<std::size_t>(size));
    }};
  }
  ~Traffic() { stop(); }
  const std::string& bytes() {
    stop();
    return bytes_;
  }

 private:
  void stop() {
    stopped_ = true;
    if (reader_.joinable()) reader_.join();
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }
  int socket_;
  std::atomic<bool> stopped_ = false;
  std::string bytes_;
  std::thread reader_;
};

/// Programs that write down what everybody may see of them before they do their work.
fs::path watched_programs(const Workplace& work) {
  fs::create_directory(work.path("bin"));
  for (const char* name : {"pg_dump", "pg_restore"}) {
    const std::string file = std::string{"bin/"} + name;
    work.write(file, "#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ >>'" + work.path("seen").string() + "'\nexec " +
                         (live::server_programs() / name).string() + " \"$@\"\n");
    fs::permissions(work.path(file), fs::perms::owner_all);
  }
  return work.path("bin");
}

TEST(SecretsOfAnAgent, AreNowhereToBeFound) {
  PGPASSAGE_IN_AGENT_WORLD([] {
    AgentWorld world;
    const fs::path programs = watched_programs(world.work());
    world.start_agent({}, {"PGPASSAGE_PG_BINDIR=" + programs.string()});
    Traffic traffic;
    const auto child = world.migrate(live::Terminal::none, {"--log-level", "debug"});
    world.wait_until_busy();
    for (const char* file : {"cmdline", "environ"})
      for (const pid_t process : {world.agent().pid(), child->pid()})
        EXPECT_THAT(text_of("/proc/" + std::to_string(process) + "/" + file), Not(HasSubstr(AgentWorld::secret)));
    EXPECT_EQ(child->exit_code(), 0) << child->output();
    const std::string seen = text_of(world.work().path("seen"));
    EXPECT_THAT(seen, HasSubstr("PGPASSFILE=/proc/self/fd/")) << "the programs were watched";
    EXPECT_THAT(seen, Not(HasSubstr(AgentWorld::secret)));
    EXPECT_THAT(child->output(), Not(HasSubstr(AgentWorld::secret)));
    EXPECT_THAT(world.agent().log(), Not(HasSubstr(AgentWorld::secret)));
    for (const auto& entry : fs::recursive_directory_iterator{world.work().path("agent")})
      EXPECT_THAT(text_of(entry.path()), Not(HasSubstr(AgentWorld::secret))) << entry.path();
    EXPECT_THAT(traffic.bytes(), HasSubstr("SCRAM-SHA-256")) << "the traffic was seen";
    EXPECT_THAT(traffic.bytes(), Not(HasSubstr(AgentWorld::secret)));
  });
}

}  // namespace
}  // namespace pgpassage::app
