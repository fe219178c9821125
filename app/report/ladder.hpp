#pragma once

#include <string>
#include <string_view>

#include "app/report/text_style.hpp"
#include "netcheck/base/location.hpp"

/// What trace draws: rungs one below the other, each a decision with the object that made it. Pure.
namespace pgpassage::app {

struct Rung {
  Tone tone = Tone::plain;
  std::string_view decision;  ///< one word, at most seven columns
  std::string_view kind;      ///< one word
  std::string_view at;        ///< where it is decided
  std::string by;             ///< the deciding object
  Location location;          ///< of the deciding object in `file`; may be unknown
  std::string_view detail;    ///< may be empty
};

std::string rung_text(const Rung& rung, const std::string& file, const TextStyle& style);

/// Below the last rung: `text` with the mark of `tone`; an arrow when the tone is plain.
std::string foot_text(Tone tone, std::string_view text, const TextStyle& style);

}  // namespace pgpassage::app
