#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/failure.hpp"
#include "app/options.hpp"
#include "scenarios/waivers/waivers.hpp"

/// From the command line to waivers. Reads the file system and the environment.
namespace pgpassage::app {

struct OpenedWaivers {
  std::string path;  ///< as the user wrote it; empty: nothing is waived
  std::string sha256;
  scenarios::WaiverFile content;
};

/// The file of --waivers, else the one that PGPASSAGE_WAIVERS names, else none; none with --no-waivers.
tl::expected<OpenedWaivers, InputErrors> open_waivers(const WaiverChoice& choice);

}  // namespace pgpassage::app
