#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string>

#include "app/environment.hpp"
#include "app/output.hpp"

namespace pgpassage::app {
namespace {

bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = environment_variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos || value.find("utf-8") != value.npos;
  }
  return false;
}

/// Lines longer than 80 columns are hard to read, and in fewer than 40 nothing has room.
int width_of(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return TextStyle{}.width;
  return std::clamp<int>(size.ws_col, 40, TextStyle{}.width);
}

TextStyle style_for(const CommonOptions& common, int descriptor, bool may_be_terminal) {
  TextStyle style;
  style.unicode = utf8_locale();
  if (may_be_terminal) style.width = width_of(descriptor);
  if (common.color != ColorMode::automatic) {
    style.color = common.color == ColorMode::always;
    return style;
  }
  const std::string terminal = environment_variable("TERM");
  const bool dumb = terminal.empty() || terminal == "dumb";
  style.color = may_be_terminal && !dumb && environment_variable("NO_COLOR").empty() && ::isatty(descriptor) == 1;
  return style;
}

}  // namespace

TextStyle result_style(const CommonOptions& common) { return style_for(common, STDOUT_FILENO, common.output.empty()); }

int result_columns(const CommonOptions& common) {
  winsize size{};
  if (!common.output.empty() || ::isatty(STDOUT_FILENO) != 1) return std::numeric_limits<int>::max();
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? std::max<int>(80, size.ws_col) : 80;
}

TextStyle error_style(const CommonOptions& common) { return style_for(common, STDERR_FILENO, true); }

}  // namespace pgpassage::app
