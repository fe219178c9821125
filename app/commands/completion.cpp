#include "app/completion/completion.hpp"
#include "app/cli.hpp"
#include "app/commands/commands.hpp"
#include "app/output.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const CompletionOptions& options) {
  return finish(common, completion_script(command_tree(), options.shell), ExitCode::success);
}

}  // namespace pgpassage::app
