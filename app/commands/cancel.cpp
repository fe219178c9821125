#include <boost/json.hpp>

#include "app/agent/client/shown.hpp"
#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {
namespace {

Result<void> ask_agent(const CancelOptions& options) {
  const CommonOptions json{.format = Format::json};
  const std::string target = "/v1/migrations/" + agent::path_segment(options.name) + "/cancel";
  const auto asked = agent::ask_to_show(json, options.agent, agent::url_of(options.agent), "POST", target);
  return asked ? Result<void>{} : tl::unexpected(asked.error());
}

}  // namespace

int run(const CommonOptions& common, const CancelOptions& options) {
  if (!agent::url_of(options.agent).empty()) {
    if (const auto asked = ask_agent(options); !asked) return tell(common, asked.error());
  } else {
    auto ledger = open_ledger(common);
    if (!ledger) return ledger.error();
    const auto id = ledger->find(options.name);
    if (!id) return tell(common, id.error());
    if (const auto asked = ledger->request_cancel(*id); !asked) return tell(common, asked.error());
  }
  const std::string text = fmt::format(
      "{} is asked to stop. It ends as Canceled; what it copied stays on the target.\n`pgpassage show {}` follows "
      "it.\n",
      options.name, options.name);
  const std::string json = json_text(
      boost::json::object{{"schemaVersion", 1}, {"name", json_string(options.name)}, {"cancelRequested", true}});
  return finish_done(common, common.format == Format::json ? json : text, ExitCode::success,
                     fmt::format("{} is asked to stop all the same", options.name));
}

}  // namespace pgpassage::app
