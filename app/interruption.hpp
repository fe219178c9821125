#pragma once

#include <csignal>

#include "app/options.hpp"

/// Ctrl-C and SIGTERM.
namespace pgpassage::app {

/// From now on either signal ends the program at once, whatever it waits for: exit code 4 and one line on standard
/// error, with --format json also `{"errors": [...]}` on standard output (contract 3 and 5). For commands that change
/// nothing; one that does (migrate) takes the signals over while it works. A signal that is ignored stays ignored
/// (nohup, a shell's background job). Call it once, before there are threads.
void end_when_interrupted(const CommonOptions& common);

/// Keeps both signals and SIGHUP waiting in this thread while it lives, for what must not be left half done.
class InterruptionHeld {
 public:
  InterruptionHeld();
  InterruptionHeld(const InterruptionHeld&) = delete;
  InterruptionHeld& operator=(const InterruptionHeld&) = delete;
  ~InterruptionHeld();

  /// Forgets those that wait: what they would have ended has its result.
  void drop();

 private:
  sigset_t before_;
};

/// Lets them through again while it lives, inside an InterruptionHeld: for a wait that has handlers of its own.
class InterruptionAwaited {
 public:
  InterruptionAwaited();
  InterruptionAwaited(const InterruptionAwaited&) = delete;
  InterruptionAwaited& operator=(const InterruptionAwaited&) = delete;
  ~InterruptionAwaited();

 private:
  sigset_t before_;
};

}  // namespace pgpassage::app
