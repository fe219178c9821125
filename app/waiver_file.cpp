#include "app/waiver_file.hpp"

#include "app/environment.hpp"
#include "app/input_file.hpp"
#include "app/topology_file.hpp"

namespace pgpassage::app {
namespace {

std::string path_of(const WaiverChoice& choice) {
  if (choice.ignored) return {};
  return choice.file.empty() ? environment_variable("PGPASSAGE_WAIVERS") : choice.file;
}

}  // namespace

tl::expected<OpenedWaivers, InputErrors> open_waivers(const WaiverChoice& choice) {
  const std::string path = path_of(choice);
  if (path.empty()) return OpenedWaivers{};
  const Result<std::string> text = read_input(path, "a file of waivers");
  if (!text) return tl::unexpected(InputErrors{path, {{{}, text.error().message, {}}}});
  auto waivers = scenarios::read_waivers(*text);
  if (!waivers) return tl::unexpected(InputErrors{path, std::move(waivers.error())});
  return OpenedWaivers{path, sha256_of(*text), std::move(*waivers)};
}

}  // namespace pgpassage::app
