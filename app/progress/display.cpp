#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cstdio>

#include "app/logging.hpp"
#include "app/progress/progress.hpp"

namespace pgpassage::app {
namespace {

int terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string milestone_of(const ProgressSnapshot& snapshot) {
  std::string text = fmt::format("{} {}", to_string(snapshot.stage.state), to_string(snapshot.stage.substate));
  for (const auto& database : snapshot.databases) text += "|" + database.phase + to_string(database.state);
  return text;
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool quiet, bool color)
    : quiet_{quiet}, color_{color}, terminal_{isatty(STDERR_FILENO) == 1} {
  if (terminal_ && !quiet_) share_standard_error([this] { clear(); }, [this] { redraw(); });
}

ProgressDisplay::~ProgressDisplay() { share_standard_error({}, {}); }

void ProgressDisplay::update(const ProgressSnapshot& snapshot) {
  const auto waited = std::chrono::steady_clock::now() - last_;
  const bool due = waited >= (terminal_ ? std::chrono::milliseconds{100} : std::chrono::milliseconds{5000});
  if (due || (!terminal_ && milestone_of(snapshot) != milestone_)) draw(snapshot);
}

void ProgressDisplay::finish(const ProgressSnapshot& snapshot) {
  if (terminal_ || milestone_of(snapshot) != milestone_) draw(snapshot);
  share_standard_error({}, {});
}

void ProgressDisplay::draw(const ProgressSnapshot& snapshot) {
  if (quiet_) return;
  last_ = std::chrono::steady_clock::now();
  milestone_ = milestone_of(snapshot);
  const std::lock_guard lock{drawing_};
  if (terminal_) {
    // The last column stays free: some terminals wrap when it is written.
    picture_ = render(snapshot, terminal_width() - 1, color_);
    draw_picture();
  } else {
    write(render_line(snapshot));
  }
}

void ProgressDisplay::draw_picture() {
  // One write for the whole picture: up to its first line, then every line with the rest of it erased.
  std::string text;
  if (lines_drawn_ > 0) text += "\x1b[" + std::to_string(lines_drawn_) + "A\r";
  lines_drawn_ = 0;
  for (const char c : picture_) {
    if (c == '\n') text += "\x1b[K", ++lines_drawn_;
    text += c;
  }
  write(text + "\x1b[J");
}

void ProgressDisplay::clear() {
  const std::lock_guard lock{drawing_};
  if (lines_drawn_ > 0) write("\x1b[" + std::to_string(lines_drawn_) + "A\r\x1b[J");
  lines_drawn_ = 0;
}

void ProgressDisplay::redraw() {
  const std::lock_guard lock{drawing_};
  if (!picture_.empty()) draw_picture();
}

}  // namespace pgpassage::app
