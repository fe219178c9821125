#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

/// The real binary running beside the test, to be signalled while it works.
namespace pgpassage::live {

enum class Terminal { none, pseudo };

class Child {
 public:
  /// Starts PGPASSAGE_BINARY with the arguments; `environment` are "NAME=value". With a pseudo-terminal it is the
  /// leader of a session whose controlling terminal is ours. Throws std::runtime_error.
  /// `directory` is where it works; empty: here.
  Child(std::vector<std::string> arguments, std::vector<std::string> environment, Terminal terminal = Terminal::none,
        std::string directory = {});
  ~Child();  ///< kills it when it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  void press(char key) const;  ///< into the terminal
  /// Reads what it writes until `text` stands in it; false: it ended before.
  bool wait_for(const std::string& text);
  /// Everything it wrote, standard error included; waits until it has ended.
  std::string output();
  /// Its exit code, or 128 + signal; waits until it has ended.
  int exit_code();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  int status_ = -1;
  std::string text_;
};

}  // namespace pgpassage::live
