#include "app/interruption.hpp"

#include <unistd.h>

#include <array>
#include <string>

#include "app/exit_code.hpp"
#include "app/report/diagnostics.hpp"

namespace pgpassage::app {
namespace {

constexpr std::array signals{SIGINT, SIGTERM};

/// Written beforehand and never freed: a signal handler may neither allocate nor format.
struct LastWords {
  std::string error;
  std::string result;
};
const LastWords* last_words = nullptr;

void end_now(int) {
  const ssize_t told = ::write(STDERR_FILENO, last_words->error.data(), last_words->error.size());
  const ssize_t answered = ::write(STDOUT_FILENO, last_words->result.data(), last_words->result.size());
  static_cast<void>(told + answered);  // nobody is left who could be told that they failed
  ::_exit(static_cast<int>(ExitCode::canceled));
}

bool ignored(int signal) {
  struct sigaction now {};
  return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t both() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

sigset_t held() {
  sigset_t set = both();
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void end_when_interrupted(const CommonOptions& common) {
  const Error canceled{Errc::canceled, "canceled before there was a result", {}, {}};
  last_words = new LastWords{render_text(canceled), common.format == Format::json ? render_json(canceled) : ""};
  struct sigaction action {};
  action.sa_handler = end_now;
  action.sa_mask = both();
  for (const int signal : signals)
    if (!ignored(signal)) sigaction(signal, &action, nullptr);
}

InterruptionHeld::InterruptionHeld() : before_{} {
  const sigset_t set = held();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

InterruptionHeld::~InterruptionHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void InterruptionHeld::drop() {
  const sigset_t set = held();
  const timespec at_once{};
  while (sigtimedwait(&set, nullptr, &at_once) > 0) {
  }
}

InterruptionAwaited::InterruptionAwaited() : before_{} {
  const sigset_t set = held();
  pthread_sigmask(SIG_UNBLOCK, &set, &before_);
}

InterruptionAwaited::~InterruptionAwaited() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace pgpassage::app
