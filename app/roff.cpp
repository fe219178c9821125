#include "app/roff.hpp"

namespace pgpassage::app {

std::string roff(std::string_view text) {
  std::string safe = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char character : text) {
    if (character == '\\') {
      safe += "\\e";
    } else if (character == '-') {
      safe += "\\-";
    } else {
      safe += character;
    }
  }
  return safe;
}

}  // namespace pgpassage::app
