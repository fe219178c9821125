#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/agent/client/client.hpp"
#include "netcheck/base/address.hpp"

/// The real binary as an agent on loopback, with certificates in a directory of the test's own.
namespace pgpassage::app::agent {

class AgentProcess {
 public:
  /// `arguments` follow `agent --listen 127.0.0.1:0`. Returns when it listens; throws std::runtime_error with what it
  /// said when it ends instead.
  AgentProcess(const std::filesystem::path& home, std::vector<std::string> arguments,
               std::vector<std::string> environment = {}, const std::string& listen = "127.0.0.1:0");
  ~AgentProcess();  ///< kills it when it still runs
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;

  pid_t pid() const { return pid_; }
  Port port() const { return port_; }
  std::string url(bool tls = true) const;
  void signal(int number) const;
  /// Waits until `text` stands in what it wrote; false: it ended before.
  bool wait_for(const std::string& text);
  std::string log();
  int exit_code();  ///< waits until it has ended; 128 + signal when one ended it

 private:
  void gather();

  pid_t pid_ = -1;
  int output_ = -1;
  int status_ = -1;
  Port port_ = 0;
  std::mutex mutex_;
  std::condition_variable more_;
  std::string text_;
  bool ended_ = false;
  std::thread reader_;
};

/// What `agent init` makes, by default for 127.0.0.1 and localhost.
class Certificates {
 public:
  explicit Certificates(std::filesystem::path directory,
                        const std::vector<std::string>& hosts = {"127.0.0.1", "localhost"});
  /// Options for an agent that demands a client's certificate.
  std::vector<std::string> server() const;
  Credentials client(const std::string& name = "client") const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

/// One request to it on a connection of its own.
Result<Answer> ask(const std::string& url, const Credentials& credentials, const std::string& method,
                   const std::string& target, const std::string& body = {});

}  // namespace pgpassage::app::agent
