#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/app/agent/process.hpp"
#include "tests/app/program.hpp"
#include "tests/live/child.hpp"
#include "tests/live/cluster.hpp"

/// A network of one machine that is every machine of a topology: source, target, and the host that stands for it.
namespace pgpassage::app {

class AgentWorld {
 public:
  static constexpr const char* secret = "s3cret-horse-battery";
  static constexpr const char* host_address = "10.20.2.4";

  /// Call it in a network namespace. `seconds` is how long the target works on the schema's last object, which is
  /// where a test interferes.
  explicit AgentWorld(int seconds = 3);

  void start_agent(std::vector<std::string> arguments = {}, std::vector<std::string> environment = {});
  agent::AgentProcess& agent() { return *agent_; }
  std::string url() const;

  /// `pgpassage migrate` of an operator without a state of its own, whose passwords come from a file.
  std::unique_ptr<live::Child> migrate(live::Terminal terminal = live::Terminal::none,
                                       std::vector<std::string> more = {}) const;
  /// Another command of that operator.
  ProgramResult operators(const std::string& command) const;
  void wait_until_busy() const;  ///< the target works on that last object
  /// Waits until the migration has ended, and answers what `show` says.
  std::string ended() const;

  const Workplace& work() const { return work_; }
  const live::Cluster& target() const { return target_; }

 private:
  Workplace work_;
  agent::Certificates certificates_;
  live::Cluster source_, target_;
  std::unique_ptr<agent::AgentProcess> agent_;
};

/// Runs `body` in a network namespace with the topology's addresses; answers why that cannot be done here.
std::optional<std::string> in_agent_world(const std::function<void()>& body);

#define PGPASSAGE_IN_AGENT_WORLD(...) \
  PGPASSAGE_NEEDS_SERVER();           \
  if (const auto reason = in_agent_world(__VA_ARGS__)) GTEST_SKIP() << *reason

}  // namespace pgpassage::app
