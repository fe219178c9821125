#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "migrate/state/record.hpp"

/// The live display of a running migration, on standard error.
namespace pgpassage::app {

struct ProgressSnapshot {
  std::string name;
  migrate::Stage stage;
  std::chrono::milliseconds elapsed{0};
  std::vector<migrate::DatabaseRecord> databases;
};

/// One heading and one bar per database, each line at most `width` columns, each with a line end. Pure.
std::string render(const ProgressSnapshot& snapshot, int width, bool color);

/// The same as one line for a log: no bar, no colour. Pure.
std::string render_line(const ProgressSnapshot& snapshot);

/// Draws snapshots as they come: in place on a terminal, at most ten a second; else a line every five seconds and at
/// each change of stage or of a database's phase. Writes nothing when `quiet`. The cursor is never hidden, so a killed
/// process leaves the terminal as it was. Lines of the log go above the picture.
class ProgressDisplay {
 public:
  ProgressDisplay(bool quiet, bool color);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;
  void update(const ProgressSnapshot& snapshot);
  void finish(const ProgressSnapshot& snapshot);  ///< draws the last state whatever the time; the log goes below it

 private:
  void draw(const ProgressSnapshot& snapshot);
  void draw_picture();
  void clear();
  void redraw();
  bool quiet_;
  bool color_;
  bool terminal_;
  std::mutex drawing_;  // the log is written by any thread
  std::string picture_;
  int lines_drawn_ = 0;
  std::string milestone_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace pgpassage::app
