#include <boost/json.hpp>

#include "app/commands/commands.hpp"
#include "app/failure.hpp"
#include "app/open_ledger.hpp"
#include "app/output.hpp"
#include "app/report/json_text.hpp"

namespace pgpassage::app {

int run(const CommonOptions& common, const DeleteOptions& options) {
  auto ledger = open_ledger(common);
  if (!ledger) return ledger.error();
  const auto id = ledger->find(options.name);
  if (!id) return tell(common, id.error());
  if (const auto removed = ledger->remove(*id); !removed) return tell(common, removed.error());
  const std::string text = fmt::format("The record of {} is deleted. What it moved stays where it is.\n", options.name);
  const std::string json =
      json_text(boost::json::object{{"schemaVersion", 1}, {"name", json_string(options.name)}, {"deleted", true}});
  return finish_done(common, common.format == Format::json ? json : text, ExitCode::success,
                     fmt::format("the record of {} is deleted all the same", options.name));
}

}  // namespace pgpassage::app
