#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cstdio>

#include "app/progress/progress.hpp"

namespace pgpassage::app {
namespace {

int terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string milestone_of(const ProgressSnapshot& snapshot) {
  std::string text = fmt::format("{} {}", to_string(snapshot.stage.state), to_string(snapshot.stage.substate));
  for (const auto& database : snapshot.databases) text += "|" + database.phase + to_string(database.state);
  return text;
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool quiet, bool color)
    : quiet_{quiet}, color_{color}, terminal_{isatty(STDERR_FILENO) == 1} {}

void ProgressDisplay::update(const ProgressSnapshot& snapshot) {
  const auto waited = std::chrono::steady_clock::now() - last_;
  const bool due = waited >= (terminal_ ? std::chrono::milliseconds{100} : std::chrono::milliseconds{5000});
  if (due || (!terminal_ && milestone_of(snapshot) != milestone_)) draw(snapshot);
}

void ProgressDisplay::finish(const ProgressSnapshot& snapshot) {
  if (terminal_ || milestone_of(snapshot) != milestone_) draw(snapshot);
}

void ProgressDisplay::draw(const ProgressSnapshot& snapshot) {
  if (quiet_) return;
  last_ = std::chrono::steady_clock::now();
  milestone_ = milestone_of(snapshot);
  std::string text;
  if (terminal_) {
    // One write for the whole picture: up to its first line, then every line with the rest of it erased.
    if (lines_drawn_ > 0) text += "\x1b[" + std::to_string(lines_drawn_) + "A\r";
    lines_drawn_ = 0;
    // The last column stays free: some terminals wrap when it is written.
    for (const char c : render(snapshot, terminal_width() - 1, color_)) {
      if (c == '\n') text += "\x1b[K", ++lines_drawn_;
      text += c;
    }
    text += "\x1b[J";
  } else {
    text = render_line(snapshot);
  }
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace pgpassage::app
