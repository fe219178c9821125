#include "app/dispatch.hpp"

#include "app/commands/commands.hpp"

namespace pgpassage::app {

int dispatch(const CommandLine& line) {
  return std::visit([&](const auto& options) { return run(line.common, options); }, line.command);
}

std::string file_of(const Command& command) {
  return std::visit(
      [](const auto& options) -> std::string {
        if constexpr (requires { options.file; }) return options.file;
        if constexpr (requires { options.check_signature; })
          if (!options.check_signature.empty()) return options.check_signature;
        if constexpr (requires { options.subject; }) return options.subject;
        return {};
      },
      command);
}

}  // namespace pgpassage::app
